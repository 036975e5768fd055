import type { ProviderError, ProviderErrorClass } from '../../contracts/errors.ts'
import { textUpTo } from '../text-up-to.ts'
import { faultOf, type FaultRules } from './fault-rules.ts'
import { reasonIn } from './reason-in.ts'

/** Enough of a refusal to find its reason; what is behind is not read. */
const MAX_REFUSAL_BYTES = 65_536

/** Headers as `fetch` has them, or as `node:http` has them. */
type AnyHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>

/** A request, or an upgrade, that was answered with a status other than the one that was wanted. */
export interface HttpFault {
  readonly status: number
  /** The server's own words; see `reasonIn`. */
  readonly reason?: string | undefined
  readonly headers?: AnyHeaders | undefined
  /** Milliseconds since the epoch, for a `Retry-After` that is a date. */
  readonly wallMs?: number | undefined
}

/**
 * What an HTTP status means for a call (RFC 9110 section 15): who was refused, what was wrong with the request, too
 * much of it, or a server that is not well. Whatever is no refusal (2xx, 3xx, an unknown number) counts as `network`.
 */
export function classOfStatus(status: number): ProviderErrorClass {
  if (status === 401 || status === 403) return 'auth'
  if (status === 402 || status === 429) return 'quota'
  if (status === 408 || status === 504) return 'timeout'
  // Conflict and Too Early are over by themselves.
  if (status === 409 || status === 425) return 'network'
  return status >= 400 && status < 500 ? 'bad-request' : 'network'
}

/** The error a provider throws for it. 402 is money, not speed: nobody waits for that. */
export function httpFault(fault: HttpFault, rules: FaultRules): ProviderError {
  const { status, headers, wallMs } = fault
  const reason = fault.reason ?? ''
  return faultOf(
    {
      errorClass: rules.classOf?.(status, reason) ?? classOfStatus(status),
      retryable: status === 402 ? false : undefined,
      said: reason === '' ? `the server answered ${status}` : `the server answered ${status}: ${reason}`,
      details: {
        status,
        requestId: requestIdIn(headers),
        retryAfterMs: wallMs === undefined ? undefined : retryAfterMs(headers, wallMs),
      },
    },
    rules,
  )
}

/** The same of an answer of `fetch`. Reads its body as far as a reason may stand there, and ends it. */
export async function refusalOf(
  response: Response,
  rules: FaultRules,
  wallMs?: number,
): Promise<ProviderError> {
  const body = response.body as AsyncIterable<Uint8Array> | null
  // A body that is cut leaves the status, which says enough.
  const text = await textUpTo(body, MAX_REFUSAL_BYTES).catch(() => '')
  const { status, statusText, headers } = response
  return httpFault({ status, reason: reasonIn(text) || statusText, headers, wallMs }, rules)
}

/** `retry-after-ms`, or `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3). */
export function retryAfterMs(headers: AnyHeaders | undefined, wallMs: number): number | undefined {
  const milliseconds = Number.parseFloat(headerIn(headers, 'retry-after-ms') ?? '')
  if (milliseconds >= 0) return milliseconds
  const header = headerIn(headers, 'retry-after')
  if (header === undefined) return undefined
  const seconds = Number(header)
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - wallMs
  return wait >= 0 ? Math.round(wait) : undefined
}

/** What services call the number of a request, for their support. */
const REQUEST_ID_HEADERS = ['x-request-id', 'request-id', 'dg-request-id', 'x-amzn-requestid']

function requestIdIn(headers: AnyHeaders | undefined): string | undefined {
  for (const name of REQUEST_ID_HEADERS) {
    const id = headerIn(headers, name)
    if (id !== undefined && /^[\w.:-]{1,100}$/.test(id)) return id
  }
  return undefined
}

function headerIn(headers: AnyHeaders | undefined, name: string): string | undefined {
  if (headers === undefined) return undefined
  // Not by its class: a `Headers` may be undici's or Node's.
  const get = (headers as Partial<Headers>).get
  if (typeof get === 'function') return get.call(headers, name) ?? undefined
  const value = (headers as Record<string, string | readonly string[] | undefined>)[name]
  return typeof value === 'string' ? value : value?.[0]
}
