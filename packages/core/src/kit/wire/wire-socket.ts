import type { RawData, WebSocket } from 'ws'
import type { Clock } from '../../contracts/clock.ts'
import type { ProviderError } from '../../contracts/errors.ts'
import { closeFault } from './close-fault.ts'
import { faultOf, type FaultRules } from './fault-rules.ts'
import { createLineWatch, type KeepAlive } from './line-watch.ts'
import { untilOpen } from './socket-opening.ts'

/** What a socket needs to be opened and told of; a plugin's service in one object. */
export interface WireSocketOptions {
  /** `wss://…`, or `ws://` to a server on this machine. Never a key in it: keys go into `headers`. */
  readonly url: string | URL
  readonly headers?: Readonly<Record<string, string>>
  readonly faults: FaultRules
  readonly clock: Clock
  /** Ends the attempt while the connection is being made. From then on `close` ends it. */
  readonly signal: AbortSignal
  /** The longest that the connection, TLS and the upgrade may take. Default 5 s. */
  readonly openLimitMs?: number
  /** What keeps the connection up while nothing else is sent. Absent: pings alone. */
  readonly keepAlive?: KeepAlive
  /** More unsent bytes than this are a dead line. Default 400,000, half a minute of mu-law in base64. */
  readonly maxBufferedBytes?: number
  /** A larger message of the server ends the connection. Default 16 MiB. */
  readonly maxMessageBytes?: number
}

export interface WireSocketHandlers {
  onText(text: string): void
  /** Lent until it returns. Absent: such messages are left out. */
  onBytes?(bytes: Uint8Array): void
  /**
   * The connection is over, and not by `close`. Once, the last call. `code` is the server's, 1006 when it was cut, absent
   * when we gave it up; the error says why.
   */
  onLost(error: ProviderError, code?: number): void
}

/** One WebSocket connection to a service. */
export interface WireSocket {
  /** Does nothing once the connection is over. Copied before it returns. */
  send(message: string | Uint8Array): void
  /** Bytes that the network has not taken yet. */
  readonly bufferedBytes: number
  /** Says goodbye and waits for the answer, a second at most. Resolves always; nothing comes after it is called. */
  close(): Promise<void>
}

const OPEN_LIMIT_MS = 5_000
const GOODBYE_MS = 1_000
const MAX_BUFFERED_BYTES = 400_000
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024

/**
 * Opens a WebSocket to a service. Resolves when the upgrade is done; rejects with a `ProviderError`: `cancelled`,
 * `timeout`, the class of the status it was refused with, or the network's. Messages that come with the upgrade go to
 * `handlers` before it resolves.
 */
export async function openWireSocket(
  options: WireSocketOptions,
  handlers: WireSocketHandlers,
): Promise<WireSocket> {
  const { clock, faults } = options
  // Loaded where it is needed: most processes open none from here.
  const { WebSocket } = await import('ws')
  const socket = untilOpenSocket(() => new WebSocket(options.url, { ...settingsOf(options) }), faults)
  let over = false
  let lastError: Error | undefined
  const line = createLineWatch(clock, options.keepAlive, {
    send: (message) => wire.send(message),
    ping: () => socket.ping(),
    onDead: (quietMs) => giveUp(`no answer for ${Math.round(quietMs / 1000)} s; check the network`),
  })

  function lose(error: ProviderError, code?: number): void {
    if (over) return
    over = true
    line.stop()
    handlers.onLost(error, code)
  }
  function giveUp(said: string): void {
    lose(faultOf({ errorClass: 'network', said }, faults))
    socket.terminate()
  }

  const wire: WireSocket = {
    send(message) {
      if (over || socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > (options.maxBufferedBytes ?? MAX_BUFFERED_BYTES))
        return giveUp('the network does not take what is sent; check the uplink')
      line.sent()
      // `ws` masks into a buffer of its own: what was lent is free again.
      socket.send(message)
    },
    get bufferedBytes() {
      return socket.bufferedAmount
    },
    async close() {
      over = true
      line.stop()
      await closed(socket, clock)
    },
  }

  // A socket without this listener would throw into the process.
  socket.on('error', (error) => (lastError = error))
  socket.on('ping', line.heard).on('pong', line.heard)
  socket.on('message', (data, isBinary) => {
    line.heard()
    if (over) return
    if (isBinary) handlers.onBytes?.(bytesOf(data))
    else handlers.onText(String(data))
  })
  await untilOpen(socket, { ...options, openLimitMs: options.openLimitMs ?? OPEN_LIMIT_MS })
  socket.on('close', (code, reason) =>
    lose(closeFault(code, String(reason) || (lastError?.message ?? ''), faults), code),
  )
  line.start()
  return wire
}

function settingsOf({ headers, maxMessageBytes = MAX_MESSAGE_BYTES }: WireSocketOptions) {
  return { ...(headers !== undefined && { headers }), perMessageDeflate: false, maxPayload: maxMessageBytes }
}

/** A URL that is none and a key with a line break in it are thrown by the constructor. */
function untilOpenSocket(open: () => WebSocket, faults: FaultRules): WebSocket {
  try {
    return open()
  } catch (thrown) {
    const isKey = (thrown as { code?: unknown }).code === 'ERR_INVALID_CHAR'
    const said = isKey
      ? 'the key holds characters that no header may have'
      : 'the address is no WebSocket URL'
    throw faultOf({ errorClass: isKey ? 'auth' : 'bad-request', said }, faults)
  }
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data
}

function closed(socket: WebSocket, clock: Clock): Promise<void> {
  if (socket.readyState === socket.CLOSED) return Promise.resolve()
  return new Promise((resolve) => {
    const cancel = clock.after(GOODBYE_MS, () => socket.terminate())
    socket.once('close', () => {
      cancel()
      resolve()
    })
    socket.close(1000)
  })
}
