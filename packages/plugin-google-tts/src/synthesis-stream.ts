import { ProviderError, createWavStripper } from '@kav/core'
import { createAudioQueue } from './audio-queue.ts'
import { classifyCredentialsError, classifyError } from './grpc-errors.ts'
import { streamOpening, type Piece } from './requests.ts'
import { createSafeCancel } from '@kav/google-cloud'
import { placeOf, type SpeakContext } from './speak-context.ts'

/** One bidirectional synthesis: text goes in, audio comes out in the same order. */
export interface SynthesisStream {
  /** Headerless audio. Throws a `ProviderError`; ends after `end`, or at once after `cancel`. */
  readonly audio: AsyncIterable<Uint8Array>
  /** Resolves when no more audio will come, for whatever reason. */
  readonly over: Promise<void>
  send(piece: Piece): void
  /** No more text: the rest is spoken and the stream ends. */
  end(): void
  /** Ends the RPC on both sides at once; harmless when it is over. */
  cancel(): void
}

/** Opens a stream and sends its configuration. Rejects with a `ProviderError` when no client can be made. */
export async function openSynthesisStream(speak: SpeakContext): Promise<SynthesisStream> {
  const { params, context, voice, format } = speak
  const place = placeOf(speak, 'stream')
  const lease = speak.pool.lease()
  const client = await lease.client.catch((error: unknown) => {
    lease.release()
    throw classifyCredentialsError(error, place)
  })
  const stream = client.streamingSynthesize()
  const cancel = createSafeCancel(stream)
  const stripper = createWavStripper()
  let stopDeadline: () => void = () => undefined
  /** Text was sent, or the end asked for, and nothing came back yet. */
  let waiting = false
  let paused = false
  let writable = true
  let settled = false
  let markOver: () => void = () => undefined
  const over = new Promise<void>((resolve) => {
    markOver = resolve
  })

  const queue = createAudioQueue({
    pause() {
      paused = true
      stopDeadline()
      stream.pause()
    },
    resume() {
      paused = false
      stream.resume()
      if (waiting) awaitServer()
    },
  })

  function settle(finish: () => void, broken = false): void {
    if (settled) return
    settled = true
    writable = false
    stopDeadline()
    if (broken) lease.abandon()
    else lease.release()
    finish()
    markOver()
  }

  stream.on('data', (response: { audioContent?: Uint8Array | string | null }) => {
    const audio = response.audioContent
    if (settled || !(audio instanceof Uint8Array) || audio.length === 0) return
    stopDeadline()
    // After the end was asked for, something must come until it does.
    waiting = !writable
    try {
      const bare = stripper.strip(audio)
      if (bare.length > 0) queue.push(bare)
      if (waiting) awaitServer()
    } catch (error) {
      settle(() => {
        cancel()
        queue.fail(
          new ProviderError('bad-data', `Google Text-to-Speech stream: ${String(error)}`, { cause: error }),
        )
      })
    }
  })
  // Stays for the stream's life: every write after an error emits another one.
  stream.on('error', (error: unknown) => {
    settle(() => {
      queue.fail(classifyError(error, place))
    })
  })
  const onEnd = (): void => {
    settle(() => {
      const rest = stripper.flush()
      if (rest.length > 0) queue.push(rest)
      queue.end()
    })
  }
  stream.on('end', onEnd)
  stream.on('close', onEnd)
  stream.write(streamOpening(voice, format, params))

  /** Nothing at all for that long: the stream is dead, or its connection half-open. Not counted while we pause it. */
  function awaitServer(): void {
    waiting = true
    stopDeadline()
    if (paused || settled) return
    stopDeadline = context.clock.after(params.timeout_ms, () => {
      const message = `Google Text-to-Speech stream: no audio within ${params.timeout_ms} ms`
      settle(() => {
        cancel()
        queue.fail(new ProviderError('timeout', message, { details: { ...place } }))
      }, true)
    })
  }

  return {
    audio: queue,
    over,
    send(piece) {
      if (!writable) return
      if (!waiting) awaitServer()
      stream.write({ input: { [piece.kind]: piece.content } })
    },
    end() {
      if (!writable) return
      writable = false
      stream.end()
      awaitServer()
    },
    cancel() {
      settle(() => {
        cancel()
        queue.discard()
      })
    },
  }
}
