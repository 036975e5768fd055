/**
 * The cancel of a stream that was just opened. A call that is cancelled before grpc-js has started it is started all
 * the same, reports to nobody, and stays open at the server (`ResolvingCall` of @grpc/grpc-js 1.14); one turn of the
 * event loop later it has surely been started. Harmless when called twice or after the end, and of a client that was
 * closed: what the SDK gives then is a stream that has no cancel.
 */
export function createSafeCancel(stream: { cancel(): void }): () => void {
  let started = false
  let wanted = false
  function end(): void {
    try {
      stream.cancel()
    } catch {
      // It has failed by then.
    }
  }
  setImmediate(() => {
    started = true
    if (wanted) end()
  })
  return () => {
    wanted = true
    if (started) end()
  }
}
