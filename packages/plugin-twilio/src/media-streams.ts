import type { WebSocket } from 'ws'
import type { TransportHost } from '@kav/core'
import { runMediaSocket, type MediaSocket } from './media-socket.ts'
import { admitStream, type AdmissionParts, type OpenSocket } from './stream-admission.ts'

/** The media streams that are open, from the upgrade to the last frame. */
export interface MediaStreams {
  /** Runs a socket that was just opened. */
  run(open: OpenSocket): void
  /** Open, and have not started. */
  readonly pending: number
  /** Closes all of them. Resolves when they are gone. */
  close(): Promise<void>
}

export function createMediaStreams(parts: AdmissionParts, host: TransportHost): MediaStreams {
  const { settings, context } = parts
  const scratch = Buffer.alloc(settings.max_message_bytes)
  const streams = new Set<MediaSocket>()
  const pending = new Set<WebSocket>()
  let onAllGone = (): void => undefined
  const report = (): void => context.metrics.gauge('twilio_streams_open', streams.size)

  return {
    run(open) {
      const { socket, seen } = open
      pending.add(socket)
      const stream = runMediaSocket({
        socket,
        connection: seen,
        settings,
        context,
        scratch,
        admit: (start, self) => admitStream(parts, host, open, start, self),
        onCall: (call) => host.onCall(call),
        onStarted: () => pending.delete(socket),
        onGone() {
          pending.delete(socket)
          streams.delete(stream)
          report()
          if (streams.size === 0) onAllGone()
        },
      })
      streams.add(stream)
      report()
    },
    get pending() {
      return pending.size
    },
    async close() {
      const gone = streams.size === 0 ? undefined : new Promise<void>((resolve) => (onAllGone = resolve))
      for (const stream of streams) stream.close(1001, 'shutting down', 'shutdown')
      await gone
    },
  }
}
