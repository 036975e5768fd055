import { createSafeCancel } from '@kav/google-cloud'
import type { SpeechClient } from './speech-client.ts'

/** What a stream tells. `onEnd` comes exactly once, last, and never after `cancel`. */
export interface RawStreamHandlers {
  /** The server's headers: it has taken the stream. Google may send them only with the first response. */
  onHeaders(): void
  /** As the SDK gives it, unread. */
  onResponse(response: unknown): void
  /** With the gRPC error, or without one when the server ended the stream with status OK. */
  onEnd(error?: unknown): void
}

/** One bidirectional gRPC stream, v1 or v2, with the SDK's ways taken into account. */
export interface RawStream {
  /** Messages that gRPC has not handed to the connection yet. */
  readonly unsentMessages: number
  /** Keeps the buffer: hand in a copy. */
  send(audio: Buffer): void
  /** Half-close: the server answers what it has and ends. */
  end(): void
  /** Ends the RPC on both sides at once. `destroy()` would leave it running at the server. */
  cancel(): void
}

/**
 * Starts the stream and sends its first message. `client` must be initialised: the SDK turns bad credentials into an
 * unhandled rejection otherwise. The SDK's own `streamingRecognize` is not used: for v2 it sends neither the
 * recognizer nor the audio, for v1 it opens nothing before the first audio.
 */
export function openRawStream(client: SpeechClient, opening: object, handlers: RawStreamHandlers): RawStream {
  const audioField = 'recognizer' in opening ? 'audio' : 'audioContent'
  const stream = client._streamingRecognize()
  const cancel = createSafeCancel(stream)
  let over = false
  let writable = true
  let unsent = 0
  const onSent = (): void => {
    unsent -= 1
  }

  function finish(error?: unknown): void {
    if (over) return
    over = true
    writable = false
    handlers.onEnd(error)
  }

  stream.on('metadata', () => {
    if (!over) handlers.onHeaders()
  })
  stream.on('data', (response: unknown) => {
    if (!over) handlers.onResponse(response)
  })
  // Stays for the stream's life: every write after an error emits another one.
  stream.on('error', finish)
  stream.on('end', () => {
    finish()
  })
  stream.on('close', () => {
    finish()
  })
  stream.write(opening)

  return {
    get unsentMessages() {
      return unsent
    },
    send(audio) {
      // After status OK the SDK swallows writes without a word.
      if (!writable) return
      unsent += 1
      stream.write({ [audioField]: audio }, onSent)
    },
    end() {
      if (!writable) return
      writable = false
      stream.end()
    },
    cancel() {
      over = true
      writable = false
      cancel()
    },
  }
}
