/** Above this the producer is asked to pause (8 s of mu-law), below the second it may go on. */
const PAUSE_BYTES = 64_000
const RESUME_BYTES = 32_000

/** Audio on its way from a stream to its one reader. The ends work once; the first wins. */
export interface AudioQueue extends AsyncIterable<Uint8Array> {
  push(audio: Uint8Array): void
  /** Ends the iteration after what is queued. */
  end(): void
  /** The iteration throws after what is queued. */
  fail(error: unknown): void
  /** Ends the iteration now. */
  discard(): void
}

export function createAudioQueue(flow: { pause(): void; resume(): void }): AudioQueue {
  let chunks: Uint8Array[] = []
  let bytes = 0
  let paused = false
  let ended = false
  let failure: { error: unknown } | undefined
  let wake: (() => void) | undefined

  function finish(): void {
    ended = true
    wake?.()
  }

  return {
    push(audio) {
      if (ended) return
      chunks.push(audio)
      bytes += audio.length
      if (!paused && bytes > PAUSE_BYTES) {
        paused = true
        flow.pause()
      }
      wake?.()
    },
    end: finish,
    fail(error) {
      if (!ended) failure = { error }
      finish()
    },
    discard() {
      chunks = []
      failure = undefined
      finish()
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const chunk = chunks.shift()
        if (chunk !== undefined) {
          bytes -= chunk.length
          if (paused && bytes < RESUME_BYTES) {
            paused = false
            flow.resume()
          }
          yield chunk
        } else if (failure !== undefined) throw failure.error
        else if (ended) return
        else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
          wake = undefined
        }
      }
    },
  }
}
