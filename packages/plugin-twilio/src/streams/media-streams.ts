import type { WebSocket } from 'ws'
import type { TransportHost } from '@kav/core'
import { runMediaSocket, type MediaSocket } from './media-socket.ts'
import { admitStream, type OpenSocket, type StreamParts } from './stream-admission.ts'
import { createTokenlessNotice } from './tokenless-streams.ts'
import type { TwilioCall } from './twilio-call.ts'

/** The media streams that are open, from the upgrade to the last frame. */
export interface MediaStreams {
  /** Runs a socket that was just opened. */
  run(open: OpenSocket): void
  /** Open, and have not started. */
  pending(): number
  /** Closes all of them. Resolves when they are gone. */
  close(): Promise<void>
}

export function createMediaStreams(parts: StreamParts, host: TransportHost): MediaStreams {
  const { settings, context, limitedLog } = parts
  const scratch = Buffer.alloc(settings.max_message_bytes)
  const streams = new Set<MediaSocket>()
  const pending = new Set<WebSocket>()
  /** By CallSid. */
  const calls = new Map<string, TwilioCall>()
  const noticeTokenless = createTokenlessNotice(context)
  const isUp = (callSid: string): boolean => calls.get(callSid)?.isOver === false
  let onAllGone = (): void => undefined
  const report = (): void => context.metrics.gauge('twilio_streams_open', streams.size)

  return {
    run(open) {
      const { socket, seen } = open
      pending.add(socket)
      let call: TwilioCall | undefined
      const stream = runMediaSocket({
        socket,
        connection: seen,
        settings,
        context,
        limitedLog,
        scratch,
        admit(start, self) {
          const admitted = admitStream({ ...parts, host, isUp, noticeTokenless }, open, start, self)
          if ('closeCode' in admitted) return admitted
          call = admitted.call
          calls.set(call.transportCall.id, call)
          return admitted
        },
        onCall: host.onCall,
        onStarted: () => pending.delete(socket),
        onGone() {
          pending.delete(socket)
          streams.delete(stream)
          // A later stream of the same call may stand there by now.
          if (call !== undefined && calls.get(call.transportCall.id) === call) {
            calls.delete(call.transportCall.id)
          }
          report()
          if (streams.size === 0) onAllGone()
        },
      })
      streams.add(stream)
      report()
    },
    pending() {
      return pending.size
    },
    async close() {
      const gone = streams.size === 0 ? undefined : new Promise<void>((resolve) => (onAllGone = resolve))
      for (const stream of streams) stream.close(1001, 'shutting down', 'shutdown')
      await gone
    },
  }
}
