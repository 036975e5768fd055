import { ProviderError, createWavStripper } from '@kav/core'
import { createGate, createPushQueue, type Gate, type PushQueue } from '@kav/core/kit'
import { createSafeCancel, type Lease } from '@kav/google-cloud'
import { classifyCredentialsError, classifyError, type ErrorPlace } from './grpc-errors.ts'
import { streamOpening, type Piece } from './requests.ts'
import { createServerWatch, type ServerWatch } from './server-watch.ts'
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

/** Above this much audio the producer is asked to pause (8 s of mu-law), below the second it may go on. */
const PAUSE_BYTES = 64_000
const RESUME_BYTES = 32_000

/** Opens a stream and sends its configuration. Rejects with a `ProviderError` when no client can be made. */
export async function openSynthesisStream(speak: SpeakContext): Promise<SynthesisStream> {
  const { params, context, voice, format } = speak
  const place = placeOf(speak, 'stream')
  const lease = speak.pool.lease(params.region)
  const client = await lease.connection.client.catch((error: unknown) => {
    lease.release()
    throw classifyCredentialsError(error, place)
  })
  const stream = client.streamingSynthesize()
  const cancel = createSafeCancel(stream)
  const watch = createServerWatch(context.clock, params.timeout_ms, () => {
    const message = `Google Text-to-Speech stream: no audio within ${params.timeout_ms} ms`
    end.broken(new ProviderError('timeout', message, { details: { ...place } }))
  })
  const queue = createAudioQueue(stream, watch)
  const over = createGate()
  const end = createStreamEnd({ queue, watch, lease, over, cancel })
  listen(stream, queue, watch, end, place)
  stream.write(streamOpening(voice, format, params))

  return {
    audio: queue.items,
    over: over.open,
    send(piece) {
      if (watch.isLast) return
      watch.asked()
      stream.write({ input: { [piece.kind]: piece.content } })
    },
    end() {
      if (watch.isLast) return
      stream.end()
      watch.askedLast()
    },
    cancel: () => end.discarded(),
  }
}

interface Flowing {
  pause(): unknown
  resume(): unknown
}

function createAudioQueue(stream: Flowing, watch: ServerWatch): PushQueue<Uint8Array> {
  return createPushQueue<Uint8Array>({
    flow: {
      sizeOf: (audio) => audio.length,
      pauseAbove: PAUSE_BYTES,
      resumeBelow: RESUME_BYTES,
      pause() {
        watch.pause()
        stream.pause()
      },
      resume() {
        stream.resume()
        watch.resume()
      },
    },
  })
}

/** The end of one stream, which comes once: the lease goes back, and the reader is told. */
interface StreamEnd {
  readonly settled: boolean
  /** The server has said all. */
  finished(rest: Uint8Array): void
  failed(error: ProviderError): void
  /** Its connection is not to be used again. */
  broken(error: ProviderError): void
  discarded(): void
}

function createStreamEnd(parts: {
  readonly queue: PushQueue<Uint8Array>
  readonly watch: ServerWatch
  readonly lease: Lease<unknown>
  readonly over: Gate
  cancel(): void
}): StreamEnd {
  const { queue, watch, lease, over } = parts
  let settled = false

  function settle(tellReader: () => void, giveBack: () => void = () => lease.release()): void {
    if (settled) return
    settled = true
    watch.stop()
    giveBack()
    parts.cancel()
    tellReader()
    over.release()
  }

  return {
    get settled() {
      return settled
    },
    finished: (rest) =>
      settle(() => {
        if (rest.length > 0) queue.push(rest)
        queue.end()
      }),
    failed: (error) => settle(() => queue.fail(error)),
    broken: (error) =>
      settle(
        () => queue.fail(error),
        () => lease.abandon(),
      ),
    discarded: () => settle(() => queue.discard()),
  }
}

interface ResponseStream {
  on(event: 'data', handler: (response: { audioContent?: Uint8Array | string | null }) => void): unknown
  on(event: 'error', handler: (error: unknown) => void): unknown
  on(event: 'end' | 'close', handler: () => void): unknown
}

function listen(
  stream: ResponseStream,
  queue: PushQueue<Uint8Array>,
  watch: ServerWatch,
  end: StreamEnd,
  place: ErrorPlace,
): void {
  const stripper = createWavStripper()
  stream.on('data', ({ audioContent: audio }) => {
    if (end.settled || !(audio instanceof Uint8Array) || audio.length === 0) return
    watch.heard()
    try {
      const bare = stripper.strip(audio)
      if (bare.length > 0) queue.push(bare)
    } catch (error) {
      const message = `Google Text-to-Speech stream: ${String(error)}`
      end.failed(new ProviderError('bad-data', message, { cause: error }))
    }
  })
  // Stays for the stream's life: every write after an error emits another one.
  stream.on('error', (error) => end.failed(classifyError(error, place)))
  const onEnd = (): void => {
    if (!end.settled) end.finished(stripper.flush())
  }
  stream.on('end', onEnd)
  stream.on('close', onEnd)
}
