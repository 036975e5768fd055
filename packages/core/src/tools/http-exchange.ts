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

export interface HttpAnswer {
  readonly status: number
  readonly contentType: string
  readonly text: string
  /** There was more than `maxResponseBytes`. */
  readonly cut: boolean
  /** Why the rest of the answer did not come, where it broke off. */
  readonly brokeOff?: string
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
export async function runHttpExchange(exchange: HttpExchange): Promise<HttpAnswer> {
  let { url, method, body } = exchange
  for (let redirects = 0; ; redirects++) {
    const response = await send(exchange, url, method, body)
    const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null
    if (location === null) return readAnswer(response, exchange)
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
    const fault = faultOf(error)
    if (SAFE.has(method) || UNSENT.test(fault)) {
      throw new ToolFailure(`the service cannot be reached (${fault})`)
    }
    throw new ToolFailure(`the service did not answer (${fault}). ${MAY_HAVE_BEEN}`)
  }
}

async function readAnswer(response: Response, exchange: HttpExchange): Promise<HttpAnswer> {
  const { maxResponseBytes } = exchange
  const status = response.status
  const contentType = (response.headers.get('content-type') ?? '').toLowerCase()
  const pieces: Uint8Array[] = []
  let bytes = 0
  let brokeOff: string | undefined
  try {
    for await (const piece of chunksOf(response)) {
      pieces.push(piece)
      bytes += piece.byteLength
      // Leaving the loop cancels the rest of the answer.
      if (bytes > maxResponseBytes) break
    }
  } catch (error) {
    brokeOff = faultOf(error)
  }
  const cut = bytes > maxResponseBytes
  const whole = Buffer.concat(pieces).subarray(0, maxResponseBytes)
  const text = decode(whole, contentType, cut || brokeOff !== undefined)
  return { status, contentType, cut, text, ...(brokeOff !== undefined && { brokeOff }) }
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  if (response.body === null) return
  for await (const chunk of response.body) yield chunk as Uint8Array
}

async function drop(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined)
}

/** By the charset of the header, else UTF-8; a character that was cut in half at the end is left out. */
function decode(bytes: Uint8Array, contentType: string, cut: boolean): string {
  return decoderFor(contentType).decode(bytes, { stream: cut })
}

function decoderFor(contentType: string): InstanceType<typeof TextDecoder> {
  const charset = /;\s*charset\s*=\s*["']?([^\s;"']+)/.exec(contentType)?.[1]
  try {
    return new TextDecoder(charset)
  } catch {
    return new TextDecoder()
  }
}

/** `ECONNREFUSED` and the like. The message of an error may hold the URL or a header: it is never used. */
function faultOf(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string' && /^[A-Z_0-9]{3,40}$/.test(at.code)) return at.code
  }
  return 'network fault'
}
