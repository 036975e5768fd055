import { type AudioFormat, sameFormat } from '../contracts/audio.ts'
import type { Clock } from '../contracts/clock.ts'
import { asProviderError, ProviderError } from '../contracts/errors.ts'
import type { TtsProvider } from '../contracts/tts.ts'
import { type Converter, createConverter } from '../audio/convert.ts'
import { createReframer } from '../audio/reframe.ts'
import { createWavStripper } from '../audio/wav.ts'
import { timedIteration } from './timed-iteration.ts'
import type { TxLine } from './tx-line.ts'
import type { AgentUtterance } from './utterance.ts'

/** Turns clauses into frames in the tx-queue: the way of the greeting, of every reply and of every filler. */
export interface SpeechParts {
  readonly tts: TtsProvider
  readonly line: TxLine
  readonly clock: Clock
  readonly callId: string
  /** The call's format. */
  readonly format: AudioFormat
  readonly language: () => string
  readonly firstAudioTimeoutMs: number
}

export interface ClauseOptions {
  readonly utterance: AgentUtterance
  readonly signal: AbortSignal
  /** Audio is made meanwhile, but none is queued before this resolves. */
  readonly released?: () => Promise<void>
  /** The voice's first audio is there. */
  readonly onFirstAudio?: () => void
  /** The first frame of the clause goes out on the wire. */
  readonly onFirstFrame?: () => void
}

/**
 * Speaks one clause into the queue: any chunk size, odd bytes, a WAV header in front, any format the provider
 * produces. Waits for room when the queue is full. Returns when the last frame is queued, or when aborted.
 * Throws a `ProviderError` when the provider fails; what was queued before stays.
 */
export async function speakClause(text: string, parts: SpeechParts, options: ClauseOptions): Promise<void> {
  const { tts, clock, format } = parts
  const { utterance, signal } = options
  const produced = tts.produces.find((candidate) => sameFormat(candidate, format)) ?? tts.produces[0]
  if (!produced) throw new ProviderError('bad-request', 'tts: produces no audio format')
  const clause = utterance.add(text)
  const queue = createClauseQueue(clause, parts, options)
  const request = {
    callId: parts.callId,
    text,
    format: produced,
    language: parts.language(),
    onWord: (time: { word: string; startMs: number }) => utterance.word(clause, time),
  }
  const limits = {
    clock,
    firstMs: parts.firstAudioTimeoutMs,
    idleMs: parts.firstAudioTimeoutMs,
    what: 'tts',
    signal,
  }
  const stripper = createWavStripper()
  const reframer = createReframer(format)
  let converter: Converter | undefined
  try {
    for await (const chunk of timedIteration(tts.speak(request, signal), limits)) {
      const audio = stripper.strip(chunk)
      if (audio.length === 0) continue
      // The header knows better than the agreement what follows it.
      converter ??= createConverter(stripper.declared ?? produced, format)
      reframer.push(converter.convert(audio), queue.keep)
      await queue.write()
      if (signal.aborted) return
    }
    if (signal.aborted) return
    const rest = stripper.flush()
    converter ??= createConverter(produced, format)
    if (rest.length > 0) reframer.push(converter.convert(rest), queue.keep)
    reframer.push(converter.flush(), queue.keep)
    reframer.flush(queue.keep)
    await queue.write()
    if (!queue.begun && !signal.aborted) throw new ProviderError('bad-data', 'tts: no audio for a clause')
  } catch (thrown) {
    throw asProviderError(thrown, 'tts')
  } finally {
    if (queue.begun && !signal.aborted) utterance.end(clause, parts.line.nextPositionMs)
  }
}

/** The frames of one clause on their way into the tx-queue. */
function createClauseQueue(clause: number, parts: SpeechParts, options: ClauseOptions) {
  const { line } = parts
  const { signal, utterance } = options
  let frames: Uint8Array[] = []
  let heardOf = false
  let begun = false

  async function begin(): Promise<void> {
    if (!heardOf) options.onFirstAudio?.()
    heardOf = true
    await options.released?.()
    if (signal.aborted) return
    begun = true
    void line.cue().then((outcome) => {
      if (outcome === 'played') options.onFirstFrame?.()
    })
    utterance.begin(clause, line.nextPositionMs)
  }

  return {
    keep: (frame: Uint8Array): void => void frames.push(frame.slice()),
    async write(): Promise<void> {
      if (frames.length === 0) return
      if (!begun) await begin()
      for (const frame of frames) {
        while (!signal.aborted && !line.write(frame)) await line.room()
        if (signal.aborted) return
      }
      frames = []
    },
    get begun() {
      return begun
    },
  }
}
