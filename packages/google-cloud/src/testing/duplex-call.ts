import type { ServerDuplexStream } from '@grpc/grpc-js'

/** A stream in both directions as the server holds it, messages as plain objects. */
export type DuplexCall = ServerDuplexStream<Record<string, unknown>, Record<string, unknown>>

/** Calls `finished` when the client has said its last message, `stop` when it has cancelled; swallows our own failures. */
export function onClientDone(call: DuplexCall, then: { finished(): void; stop(): void }): void {
  // grpc-js reports the status we fail with ourselves here too.
  call.on('error', () => undefined)
  // A cancelled call ends its messages first, and says what it was a moment later.
  call.on('end', () => {
    setImmediate(() => {
      if (!call.cancelled) then.finished()
    })
  })
  call.on('cancelled', () => {
    then.stop()
  })
}
