import type { ServerResponse } from 'node:http'
import type { Clock, Metrics } from '@kav/core'
import { withoutSecrets } from '../../privacy/secrets.ts'

/** Server-sent events to one client. */
export interface EventStream {
  /**
   * Sends one event, or nothing once the client has gone. A client that does not read what it is sent is cut off: it
   * connects again and begins with a fresh snapshot, which is worth more than what it has missed.
   */
  send(event: string, data: unknown): void
  /** No more comes. */
  end(): void
  /** Called once, when the client has gone or the stream has ended; at once if it has already. */
  onClose(listener: () => void): void
  readonly isOpen: boolean
}

/** Proxies and browsers give up on a connection in silence. */
const KEEP_ALIVE_MS = 15_000
/** Some thousands of events. */
const MAX_UNREAD_BYTES = 1024 * 1024

/** The head is sent with the first event, so that a route can still refuse. */
export function createEventStream(response: ServerResponse, clock: Clock, metrics: Metrics): EventStream {
  const listeners: (() => void)[] = []
  let isOpen = true
  let cancelKeepAlive = (): void => undefined

  function close(): void {
    if (!isOpen) return
    isOpen = false
    cancelKeepAlive()
    for (const listener of listeners.splice(0)) listener()
  }

  function begin(): void {
    if (response.headersSent) return
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx holds answers back otherwise.
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    })
    keepAlive()
  }

  function keepAlive(): void {
    cancelKeepAlive = clock.after(KEEP_ALIVE_MS, () => {
      response.write(': still here\n\n')
      keepAlive()
    })
  }

  response.on('close', close)
  return {
    get isOpen() {
      return isOpen
    },
    send(event, data) {
      if (!isOpen) return
      begin()
      response.write(`event: ${event}\ndata: ${withoutSecrets(JSON.stringify(data))}\n\n`)
      if (response.writableLength <= MAX_UNREAD_BYTES) return
      metrics.count('api_streams_cut_total')
      response.destroy()
      close()
    },
    end() {
      if (!isOpen) return
      begin()
      response.end()
      close()
    },
    onClose(listener) {
      if (isOpen) listeners.push(listener)
      else listener()
    },
  }
}
