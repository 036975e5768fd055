import type { WebSocket as NodeSocket } from 'ws'
import { KavApiError } from './kav-api-error.ts'

export interface ListenHandlers {
  /** 20 ms of one side: 160 bytes of mu-law at 8 kHz. */
  onFrame(side: 'caller' | 'agent', mulaw: Uint8Array): void
}

/** Somebody listens. */
export interface Listening {
  /** Resolves when the call is over, or `close` was called; rejects where the connection failed. */
  readonly closed: Promise<void>
  close(): void
}

type Socket = Pick<WebSocket, 'close' | 'binaryType' | 'addEventListener'>

/** Node.js 20 has no WebSocket of its own. */
async function openSocket(url: string, protocols: string[]): Promise<Socket> {
  if (typeof WebSocket === 'function') return new WebSocket(url, protocols)
  const { WebSocket: Ws } = await import('ws')
  return new Ws(url, protocols) as NodeSocket & Socket
}

/**
 * Resolves once both sides can be heard.
 *
 * @param ask asks for the call itself: why nobody can listen to it is what it rejects with.
 */
export async function listen(
  url: URL,
  token: string,
  handlers: ListenHandlers,
  ask: () => Promise<unknown>,
): Promise<Listening> {
  const address = new URL(url)
  address.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = await openSocket(address.href, ['kav.v1', `kav.token.${encodeURIComponent(token)}`])
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('message', ({ data }) => {
    const bytes = new Uint8Array(data as ArrayBuffer)
    handlers.onFrame(bytes[0] === 0 ? 'caller' : 'agent', bytes.subarray(1))
  })
  let opened = false
  const closed = new Promise<void>((resolve, reject) => {
    socket.addEventListener('close', ({ code }) => (opened && code <= 1005 ? resolve() : reject(failed())))
  })
  // Whoever does not ask is not told.
  closed.catch(() => undefined)
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => {
      opened = true
      resolve()
    })
    socket.addEventListener('error', () => reject(failed()))
  }).catch(async (error: unknown) => {
    await ask()
    throw error
  })
  return { closed, close: () => socket.close(1000) }
}

function failed(): KavApiError {
  return new KavApiError(0, {
    code: 'cut-off',
    message: 'the connection to the call’s sound failed',
    fix: 'listen again',
  })
}
