import { fetchWithinOrigin, textUpTo } from '@kav/core/kit'
import type { Agent, RequestInit as UndiciRequestInit } from 'undici'

/** No reason for a refusal is longer; what is behind it is not read. */
const MAX_REFUSAL_BYTES = 65_536
/** No answer is longer, thoughts and all: the SDK would hold a line without an end in memory. */
const MAX_ANSWER_BYTES = 16_777_216
/** Node's own fetch drops an idle connection after 4 s, which puts a TLS handshake into every turn of a talk. */
const KEEP_ALIVE_MS = 60_000
const CONNECT_TIMEOUT_MS = 3_000

/** What the model packages make their requests with. */
export interface HttpClient {
  readonly fetch: typeof globalThis.fetch
  /** Opens a connection to where requests go, or to `url`. Failure is not an error. */
  warm(url: string | undefined, signal: AbortSignal): Promise<void>
  /** Ends every request and every socket at once. */
  close(): Promise<void>
}

/**
 * undici's own `fetch` with its own `Agent`: Node's is another copy, and the two misunderstand each other from Node 24
 * on. Answers are bounded, whoever reads them.
 */
export function createHttpClient(): HttpClient {
  let opened: Promise<{ fetch: typeof globalThis.fetch; agent: Agent }> | undefined
  let origin: string | undefined
  const open = () => (opened ??= openAgent())

  async function request(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const { fetch } = await open()
    const url = typeof input === 'string' || input instanceof URL ? input : input.url
    origin = new URL(url).origin
    return bounded(await fetchWithinOrigin(fetch, url, init))
  }

  return {
    fetch: request,
    async warm(url, signal) {
      const target = url ?? origin
      if (target === undefined) return
      const { fetch } = await open()
      // An answer of any kind has warmed the socket.
      await fetch(new URL(target).origin, { method: 'HEAD', signal }).catch(() => undefined)
    },
    async close() {
      if (opened) await (await opened).agent.destroy()
    },
  }
}

async function openAgent() {
  const { Agent, fetch } = await import('undici')
  const agent = new Agent({ keepAliveTimeout: KEEP_ALIVE_MS, connect: { timeout: CONNECT_TIMEOUT_MS } })
  const own = (url: string | URL, init: RequestInit = {}) =>
    fetch(url, { ...init, dispatcher: agent } as unknown as UndiciRequestInit)
  return { fetch: own as unknown as typeof globalThis.fetch, agent }
}

async function bounded(response: Response): Promise<Response> {
  const headers = new Headers(
    [...response.headers].filter(([name]) => !/^content-(length|encoding)$/.test(name)),
  )
  const { status, statusText, body } = response
  if (!response.ok) {
    const text = await textUpTo(body as AsyncIterable<Uint8Array> | null, MAX_REFUSAL_BYTES)
    return new Response(text, { status, statusText, headers })
  }
  return new Response(body?.pipeThrough(upTo(MAX_ANSWER_BYTES)) ?? null, { status, statusText, headers })
}

function upTo(mostBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      if (bytes > mostBytes) controller.error(new RangeError(`the answer is longer than ${mostBytes} bytes`))
      else controller.enqueue(chunk)
    },
  })
}
