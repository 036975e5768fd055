import { type Clock, ProviderError } from '@kav/core'
import {
  type BoundedAnswer,
  boundedAnswer,
  classOfStatus,
  linkSignals,
  networkFault,
  untilAborted,
} from '@kav/core/kit'
import { SIGNATURE_HEADER, signatureOf } from './signature.ts'

/** Where a hook is, as the pipeline file says. */
export interface HookTarget {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly secret?: string | undefined
  readonly timeoutMs: number
}

/** Its headers and an answer that is no more than words. */
const MAX_ANSWER_BYTES = 64 * 1024

/**
 * Posts JSON and returns the answer to it, which is 2xx. Throws a `ProviderError` within `timeoutMs`, whatever the
 * service does; its words hold neither the address nor a header. Redirects are not followed: what is signed is for
 * one place.
 */
export async function postHook(
  target: HookTarget,
  body: string,
  clock: Clock,
  { signal, traceparent }: { readonly signal?: AbortSignal; readonly traceparent?: string | undefined } = {},
): Promise<BoundedAnswer> {
  const { timeoutMs } = target
  const late = new AbortController()
  const cancel = clock.after(timeoutMs, () => late.abort())
  const { signal: until, unlink } = linkSignals(late.signal, ...(signal ? [signal] : []))
  try {
    const answer = await untilAborted(
      until,
      send(target, body, { clock, signal: until, traceparent }),
      () => {
        if (signal?.aborted) throw new ProviderError('cancelled', 'cancelled')
        throw new ProviderError('timeout', `the service did not answer within ${timeoutMs} ms`)
      },
    )
    return judged(answer)
  } finally {
    cancel()
    unlink()
  }
}

async function send(
  { url, headers, secret }: HookTarget,
  body: string,
  {
    clock,
    signal,
    traceparent,
  }: { readonly clock: Clock; readonly signal: AbortSignal; readonly traceparent: string | undefined },
): Promise<BoundedAnswer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'user-agent': 'kav',
        accept: 'application/json',
        'content-type': 'application/json',
        ...(traceparent !== undefined && { traceparent }),
        ...headers,
        ...(secret !== undefined && { [SIGNATURE_HEADER]: signatureOf(secret, clock.wallMs(), body) }),
      },
      body,
      redirect: 'manual',
      signal,
    })
    return await boundedAnswer(response, MAX_ANSWER_BYTES)
  } catch (error) {
    throw new ProviderError('network', `the service cannot be reached (${networkFault(error)})`)
  }
}

function judged(answer: BoundedAnswer): BoundedAnswer {
  const { status, brokeOff } = answer
  if (status >= 300 && status < 400)
    throw new HookRefusal(
      status,
      `the service redirects (${status}), which is not followed; write the last address`,
    )
  if (status >= 300) throw new HookRefusal(status, `the service answered ${status}`)
  if (brokeOff !== undefined) throw new ProviderError('network', `the answer broke off (${brokeOff})`)
  return answer
}

/** The service answered, and did not take it. */
export class HookRefusal extends ProviderError {
  readonly status: number

  constructor(status: number, message: string) {
    super(classOfStatus(status), message)
    this.status = status
  }
}
