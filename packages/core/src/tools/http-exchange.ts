import { type BoundedAnswer, boundedAnswer, networkFault } from '../kit/wire/bounded-answer.ts'
import { ToolFailure } from './runnable-tool.ts'
import { MAY_HAVE_BEEN } from './cut-words.ts'

export interface HttpExchange {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly maxResponseBytes: number
  readonly signal: AbortSignal
}

export interface HttpAnswer extends BoundedAnswer {
  /** It is that of another page, to which the service has sent whoever asked. */
  readonly redirected: boolean
}

/** Methods that change nothing at the service. */
export const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD'])
/** Faults of a connection that never came about, or of its handshake: nothing was sent. */
const UNSENT =
  /^(?:ECONNREFUSED$|ENOTFOUND$|EAI_|EHOSTUNREACH$|ENETUNREACH$|UND_ERR_CONNECT_TIMEOUT$|EPROTO$|ERR_SSL_|ERR_TLS_|UNABLE_TO_)|CERT/
/** A connection that was kept open, and that the service has closed in the same moment. */
const CLOSED = /^(?:UND_ERR_SOCKET|ECONNRESET|EPIPE)$/
/** Answers by which a service or a proxy says that it refused to begin. */
const NOT_BEGUN: ReadonlySet<number> = new Set([501, 505])

const MAX_REDIRECTS = 3
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/**
 * One HTTP request and its answer. Redirects are followed within the same host only, three at most, and never from
 * https to http. Throws a `ToolFailure` whose words hold neither the URL nor a header.
 */
export async function runHttpExchange(exchange: HttpExchange): Promise<HttpAnswer> {
  let { url, method, body } = exchange
  for (let redirects = 0; ; redirects++) {
    const response = await send(exchange, url, method, body)
    const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null
    if (location === null) {
      return { ...(await boundedAnswer(response, exchange.maxResponseBytes)), redirected: redirects > 0 }
    }
    await drop(response)
    if (redirects === MAX_REDIRECTS) {
      throw failure(`the service redirects more than ${MAX_REDIRECTS} times`, exchange.method)
    }
    const next = nextUrl(url, location)
    if (next === undefined) {
      throw failure('the service redirects to another host, which is not followed', exchange.method)
    }
    url = next
    if (response.status === 303 || (response.status < 303 && method === 'POST')) {
      method = 'GET'
      body = undefined
    }
  }
}

/** Whether a request that was answered so may have changed something all the same. */
export function mayHaveBeenDone(method: string, { status, redirected }: HttpAnswer): boolean {
  if (SAFE.has(method) || NOT_BEGUN.has(status)) return false
  return redirected || status >= 500 || status === 408 || REDIRECTS.has(status)
}

/** A service that redirects has read the request: what changes something may be done. */
function failure(reason: string, method: string): ToolFailure {
  return new ToolFailure(SAFE.has(method) ? reason : `${reason}. ${MAY_HAVE_BEEN}`)
}

function nextUrl(from: URL, location: string): URL | undefined {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  const upgrade = from.protocol === 'http:' && to?.protocol === 'https:' && from.port === '' && to.port === ''
  const isSame = to?.hostname === from.hostname && (to.origin === from.origin || upgrade)
  return isSame ? to : undefined
}

async function send(exchange: HttpExchange, url: URL, method: string, body?: string): Promise<Response> {
  const { headers, signal } = exchange
  const request: RequestInit = {
    method,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    redirect: 'manual',
    signal,
    ...(body === undefined ? {} : { body }),
  }
  try {
    return await fetch(url, request).catch((error: unknown) => {
      // What changes nothing may be asked again (RFC 9110 section 9.2.2).
      if (!SAFE.has(method) || !CLOSED.test(networkFault(error))) throw error
      return fetch(url, request)
    })
  } catch (error) {
    const fault = networkFault(error)
    // Behind a redirect it is no longer the first request that may have been carried out.
    if (SAFE.has(exchange.method) || (isUnsent(error, fault) && url.href === exchange.url.href)) {
      throw new ToolFailure(`the service cannot be reached (${fault})`)
    }
    throw new ToolFailure(`the service did not answer (${fault}). ${MAY_HAVE_BEEN}`)
  }
}

/** A connection in the making has several addresses to try, and the fault of each. */
function isUnsent(error: unknown, fault: string): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined
  if (UNSENT.test(fault) || cause instanceof AggregateError) return true
  if (!(cause instanceof Error)) return false
  return ('syscall' in cause && cause.syscall === 'connect') || cause.message === 'bad port'
}

async function drop(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined)
}
