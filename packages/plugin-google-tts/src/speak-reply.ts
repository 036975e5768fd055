import { ProviderError, asProviderError, type Clock } from '@kav/core'
import { untilAborted } from '@kav/core/kit'
import { createClauseSource, type ClauseSource } from './clause-source.ts'
import { toPieces, type Piece } from './requests.ts'
import type { SpeakContext } from './speak-context.ts'
import { synthesize } from './synthesize.ts'
import { openSynthesisStream, type SynthesisStream } from './synthesis-stream.ts'

/** Google aborts a stream that got no text for 5 s: it is ended before, and the next clause opens another one. */
const IDLE_INPUT_MS = 4000

const STOPPED = Symbol('stopped')

/**
 * A whole reply: clauses as they are written, through one stream while they keep coming. SSML and voices that do not
 * stream go by whole requests, in the same order. Ends silently once the signal aborts.
 */
export async function* speakClauses(
  clauses: AsyncIterable<string>,
  streamed: boolean,
  speak: SpeakContext,
): AsyncGenerator<Uint8Array> {
  const source = createClauseSource(clauses)
  try {
    for (;;) {
      const clause = await untilAborted(speak.signal, source.next(), () => undefined)
      if (clause === undefined) return
      const pieces = toPieces(clause, speak.params)
      if (streamed && pieces.length > 0 && isStreamable(clause, speak)) yield* speakStream(source, speak)
      else {
        source.take()
        yield* speakWhole(pieces, speak)
      }
    }
  } finally {
    source.leave()
  }
}

async function* speakWhole(pieces: readonly Piece[], speak: SpeakContext): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (speak.signal.aborted) return
    yield* synthesize(piece, speak)
  }
}

/** One stream: from a first clause to the end of the reply, a clause that cannot be streamed, or a long pause. */
async function* speakStream(source: ClauseSource, speak: SpeakContext): AsyncGenerator<Uint8Array> {
  const { context, signal } = speak
  const sent: Piece[] = []
  let heard = false
  let stream: SynthesisStream | undefined
  let feeding: Promise<void> | undefined
  const cancel = (): void => stream?.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  try {
    stream = await openSynthesisStream(speak)
    if (signal.aborted) return
    feeding = feed(stream, source, sent, speak)
    for await (const audio of stream.audio) {
      heard = true
      yield audio
    }
    await feeding
    if (!heard && sent.length > 0 && !signal.aborted) {
      throw new ProviderError('bad-data', 'Google Text-to-Speech: a stream without audio')
    }
  } catch (thrown) {
    const error = asProviderError(thrown, 'Google Text-to-Speech stream')
    // Once something was heard nobody knows which words are missing; and bad credentials refuse requests as well.
    if (heard || signal.aborted || error.class === 'auth') throw error
    context.metrics.count('google_tts_stream_fallbacks_total', 1, { class: error.class })
    context.log.warn(
      { call: speak.callId, error: error.message },
      'Google speech stream failed: whole requests instead',
    )
    await feeding
    if (sent.length === 0) sent.push(...(await takePieces(source, speak)))
    yield* speakWhole(sent, speak)
  } finally {
    signal.removeEventListener('abort', cancel)
    stream?.cancel()
  }
}

/** Puts clauses into the stream as they come. Never rejects; leaves in the source what does not belong into it. */
async function feed(
  stream: SynthesisStream,
  source: ClauseSource,
  sent: Piece[],
  speak: SpeakContext,
): Promise<void> {
  for (;;) {
    const idle = timer(speak.context.clock, IDLE_INPUT_MS)
    try {
      const stopped = Promise.race([stream.over, idle.done]).then((): typeof STOPPED => STOPPED)
      // A writer that fails is the reply's fault to report, in its turn: `untilAborted` meets it again.
      const ended = source.next().then(undefined, () => undefined)
      const clause = await Promise.race([ended, stopped])
      if (clause === STOPPED || clause === undefined || !isStreamable(clause, speak)) {
        stream.end()
        return
      }
      source.take()
      for (const piece of toPieces(clause, speak.params)) {
        sent.push(piece)
        stream.send(piece)
      }
    } finally {
      idle.stop()
    }
  }
}

async function takePieces(source: ClauseSource, speak: SpeakContext): Promise<Piece[]> {
  const clause = await untilAborted(speak.signal, source.next(), () => undefined)
  source.take()
  return clause === undefined ? [] : toPieces(clause, speak.params)
}

function isStreamable(clause: string, speak: SpeakContext): boolean {
  return !(speak.params.input === 'auto' && /^\s*<speak[\s>]/i.test(clause))
}

function timer(clock: Clock, ms: number): { done: Promise<void>; stop(): void } {
  let stop: () => void = () => undefined
  const done = new Promise<void>((resolve) => {
    stop = clock.after(ms, resolve)
  })
  return {
    done,
    stop() {
      stop()
    },
  }
}
