import type { IncomingMessage } from 'node:http'
import { type Clock, ProviderError } from '@kav/core'
import type { WebSocket } from 'ws'
import type { ConnectionParams } from '../connection.ts'
import { serverFaultOf } from '../server-fault.ts'
import { providerErrorFrom, providerErrorOf } from '../provider-error.ts'
import type { OnOddEvent } from './odd-events.ts'
import { readServerEvent, type ServerEvent } from './server-event.ts'

/** One Realtime connection: text out, events in. */
export interface RealtimeSocket {
  /** A client event, as JSON. Does nothing once the connection is over. */
  send(json: string): void
  /** Bytes that the kernel has not taken yet. */
  readonly bufferedBytes: number
  /** Says goodbye and waits for the answer, a second at most. Resolves always; no event comes after it is called. */
  close(): Promise<void>
}

export interface RealtimeSocketOptions {
  readonly params: ConnectionParams
  /** `{ intent: 'transcription' }` or `{ model: … }`. */
  readonly query: Readonly<Record<string, string>>
  /** For messages: `realtime at api.openai.com`. */
  readonly doing: string
  readonly clock: Clock
  /** Ends the attempt while the connection is being made. */
  readonly signal: AbortSignal
  onEvent(event: ServerEvent): void
  /** A message that cannot be read; it is left out. */
  readonly onOdd: OnOddEvent
  /** The connection is over, and not by `close`. Once, the last call. */
  onLost(error: ProviderError): void
}

/** A line that is silent for this long is asked whether it is alive, and given as long to answer. */
const PING_MS = 15_000
/** Half a minute of speech as base64 is a megabyte. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024
const GOODBYE_MS = 1_000
/** An HTTP answer in place of the upgrade: enough of its body to find the message. */
const MAX_REFUSAL_BYTES = 8_192

/**
 * Opens a Realtime connection (https://platform.openai.com/docs/guides/realtime-websocket). Raw `ws`, because the
 * SDK's own class insists on `wss` and `model`. Resolves when the upgrade is done; rejects with a `ProviderError`.
 */
export async function openRealtimeSocket(options: RealtimeSocketOptions): Promise<RealtimeSocket> {
  const { clock, doing, signal } = options
  const { WebSocket } = await import('ws')
  if (signal.aborted) throw new ProviderError('cancelled', `${doing}: cancelled`)
  const socket = new WebSocket(addressOf(options), {
    headers: headersOf(options.params),
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
  })
  // A socket without this listener would throw into the process.
  socket.on('error', () => undefined)
  await opened(socket, options)

  let over = false
  let heard = true
  let cancelPing = clock.after(PING_MS, ping)

  function ping(): void {
    if (!heard) {
      lose(
        new ProviderError('network', `${doing}: no answer for ${(2 * PING_MS) / 1000} s; check the network`),
      )
      socket.terminate()
      return
    }
    heard = false
    if (socket.readyState === socket.OPEN) socket.ping()
    cancelPing = clock.after(PING_MS, ping)
  }
  function lose(error: ProviderError): void {
    if (over) return
    over = true
    cancelPing()
    options.onLost(error)
  }

  socket.on('pong', () => (heard = true))
  socket.on('ping', () => (heard = true))
  socket.on('message', (data) => {
    heard = true
    if (over) return
    try {
      const read = readServerEvent(JSON.parse(String(data)))
      if (read.kind === 'event') options.onEvent(read.event)
      else if (read.kind === 'odd') options.onOdd(read.name, read.why)
    } catch (thrown) {
      lose(providerErrorFrom(thrown, doing))
      socket.terminate()
    }
  })
  socket.on('close', (code, reason) => lose(closeError(code, String(reason), doing)))
  // The upgrade's packet may hold the first events.
  socket.resume()

  return {
    send(json) {
      if (!over && socket.readyState === socket.OPEN) socket.send(json)
    },
    get bufferedBytes() {
      return socket.bufferedAmount
    },
    async close() {
      over = true
      cancelPing()
      if (socket.readyState === socket.CLOSED) return
      await new Promise<void>((resolve) => {
        const cancel = clock.after(GOODBYE_MS, () => socket.terminate())
        socket.once('close', () => {
          cancel()
          resolve()
        })
        socket.close(1000)
      })
    },
  }
}

function addressOf({ params, query }: RealtimeSocketOptions): URL {
  const url = new URL(`${params.base_url.replace(/^http/, 'ws').replace(/\/$/, '')}/realtime`)
  for (const [name, value] of Object.entries({ ...params.query, ...query })) url.searchParams.set(name, value)
  return url
}

function headersOf(params: ConnectionParams): Record<string, string> {
  return {
    ...(params.api_key === undefined ? {} : { Authorization: `Bearer ${params.api_key}` }),
    ...(params.organization === undefined ? {} : { 'OpenAI-Organization': params.organization }),
    ...(params.project === undefined ? {} : { 'OpenAI-Project': params.project }),
    ...params.headers,
  }
}

function opened(socket: WebSocket, { signal, doing }: RealtimeSocketOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: ProviderError) => {
      signal.removeEventListener('abort', abort)
      socket
        .removeAllListeners('open')
        .removeAllListeners('unexpected-response')
        .removeListener('error', failed)
      if (!error) {
        // Until the caller has its listeners on.
        socket.pause()
        return resolve()
      }
      socket.terminate()
      reject(error)
    }
    const abort = () => settle(new ProviderError('cancelled', `${doing}: cancelled`))
    const failed = (thrown: Error) => settle(providerErrorFrom(thrown, doing))
    signal.addEventListener('abort', abort, { once: true })
    socket.once('open', () => settle())
    socket.on('error', failed)
    socket.once('unexpected-response', (_request, response) => {
      refusalOf(response)
        .then((fault) => settle(providerErrorOf(fault, doing)))
        .catch(failed)
    })
  })
}

async function refusalOf(response: IncomingMessage) {
  let body = ''
  for await (const piece of response) {
    body += String(piece)
    if (body.length > MAX_REFUSAL_BYTES) break
  }
  const status = response.statusCode ?? 0
  try {
    const fault = serverFaultOf(JSON.parse(body))
    return { ...fault, status, message: fault.message ?? 'refused' }
  } catch {
    return { status, message: response.statusMessage || 'the upgrade was refused' }
  }
}

/**
 * Why the server closed: 1001 and 1000 at the end of the session's time ("Your session hit the maximum duration of
 * 60 minutes."), 1008 and 3000 with the code of a refused request as the reason, anything else the network.
 */
function closeError(code: number, reason: string, doing: string): ProviderError {
  const message = `the server closed the connection (${code}${reason === '' ? '' : ` ${reason}`})`
  if (/maximum duration|session_expired|expired/i.test(reason)) {
    return new ProviderError('session-limit', `${doing}: ${message}`)
  }
  const named =
    /invalid_api_key|insufficient_quota|rate_limit_exceeded|model_not_found|invalid_request_error/.exec(
      reason,
    )
  return providerErrorOf({ message, code: named?.[0] }, doing)
}
