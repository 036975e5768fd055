import { type BoundedAnswer, boundedAnswer, networkFault } from '../kit/wire/bounded-answer.ts'
import { ToolFailure } from './runnable-tool.ts'
import { MAY_HAVE_BEEN } from './tool-box.ts'

export interface HttpExchange {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly maxResponseBytes: number
  readonly signal: AbortSignal
}

/** Methods that change nothing at the service. */
export const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD'])
/** Faults of a connection that never came about: nothing was sent. */
const UNSENT = /^(?:ECONNREFUSED$|ENOTFOUND$|EAI_|EHOSTUNREACH$|ENETUNREACH$|UND_ERR_CONNECT_TIMEOUT$)|CERT/

const MAX_REDIRECTS = 3
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/**
 * One HTTP request and its answer. Redirects are followed within the same host only, three at most, and never from
 * https to http. Throws a `ToolFailure` whose words hold neither the URL nor a header.
 */
export async function runHttpExchange(exchange: HttpExchange): Promise<BoundedAnswer> {
  let { url, method, body } = exchange
  for (let redirects = 0; ; redirects++) {
    const response = await send(exchange, url, method, body)
    const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null
    if (location === null) return boundedAnswer(response, exchange.maxResponseBytes)
    await drop(response)
    if (redirects === MAX_REDIRECTS)
      throw new ToolFailure(`the service redirects more than ${MAX_REDIRECTS} times`)
    url = nextUrl(url, location)
    if (response.status === 303 || (response.status < 303 && method === 'POST')) {
      method = 'GET'
      body = undefined
    }
  }
}

function nextUrl(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  const upgrade = from.protocol === 'http:' && to?.protocol === 'https:' && from.port === '' && to.port === ''
  if (to === undefined || to.hostname !== from.hostname || (to.origin !== from.origin && !upgrade)) {
    throw new ToolFailure('the service redirects to another host, which is not followed')
  }
  return to
}

async function send(exchange: HttpExchange, url: URL, method: string, body?: string): Promise<Response> {
  const { headers, signal } = exchange
  try {
    return await fetch(url, {
      method,
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      redirect: 'manual',
      signal,
      ...(body === undefined ? {} : { body }),
    })
  } catch (error) {
    const fault = networkFault(error)
    if (SAFE.has(method) || UNSENT.test(fault)) {
      throw new ToolFailure(`the service cannot be reached (${fault})`)
    }
    throw new ToolFailure(`the service did not answer (${fault}). ${MAY_HAVE_BEEN}`)
  }
}

async function drop(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined)
}
