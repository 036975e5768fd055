import { type AudioFormat, frameBytes } from '../../contracts/audio.ts'
import { asProviderError } from '../../contracts/errors.ts'
import { createReframer } from '../../audio/reframe.ts'
import type { TxLine } from '../speaking/tx-line.ts'
import type { AgentUtterance } from './utterance.ts'
import type { VoiceSource } from './voice-source.ts'

/** Turns clauses into frames in the tx-queue: the way of the greeting, of every reply and of every filler. */
export interface SpeechParts {
  readonly voice: VoiceSource
  readonly line: TxLine
  /** The call's format. */
  readonly format: AudioFormat
  /** How a clause is spoken, by the pipeline's pronunciation table. History and transcript keep what was written. */
  readonly pronounce: (text: string) => string
}

/** How speech is let into the queue. */
export interface QueueOptions {
  readonly utterance: AgentUtterance
  /** Which round of the reply wrote it. */
  readonly round?: number
  readonly signal: AbortSignal
  /** Audio is made meanwhile, but none is queued before this resolves. */
  readonly released?: () => Promise<void>
  /** The voice's first audio is there. */
  readonly onFirstAudio?: () => void
  /** Its first frame goes out on the wire. */
  readonly onFirstFrame?: () => void
}

export interface ClauseOptions extends QueueOptions {
  /** A text of the configuration, the same on every call. */
  readonly fixed?: boolean
}

/**
 * Speaks one clause into the queue, waiting for room when it is full. Returns when the last frame is queued, or when
 * aborted. Throws a `ProviderError` when the voice fails; what was queued before stays.
 */
export async function speakClause(text: string, parts: SpeechParts, options: ClauseOptions): Promise<void> {
  const { utterance, signal } = options
  const clause = utterance.add(text, options.round)
  const speech = parts.voice.speak(parts.pronounce(text), {
    signal,
    fixed: options.fixed ?? false,
    onWord: (time) => utterance.word(clause, time),
  })
  return queueSpeech(speech, clause, parts, options)
}

/** Queues the audio of a clause of the utterance: frame by frame, waiting for room. Ends and throws as `speakClause`. */
export async function queueSpeech(
  speech: AsyncIterable<Uint8Array>,
  clause: number,
  parts: Pick<SpeechParts, 'line' | 'format'>,
  options: QueueOptions,
): Promise<void> {
  const { utterance, signal } = options
  const queue = createClauseQueue(clause, parts, options)
  const reframer = createReframer(parts.format)
  try {
    for await (const audio of speech) {
      if (signal.aborted) return
      reframer.push(audio, queue.keep)
      await queue.write()
    }
    if (signal.aborted) return
    reframer.flush(queue.keep)
    await queue.write()
    if (signal.aborted) return
    if (queue.begun) utterance.end(clause, parts.line.nextPositionMs)
    else utterance.breakOff(clause, parts.line.nextPositionMs)
  } catch (thrown) {
    if (!signal.aborted) utterance.breakOff(clause, parts.line.nextPositionMs)
    throw asProviderError(thrown, 'tts')
  }
}

/** Room for this many at first: a chunk of 200 ms. */
const FIRST_FRAMES = 10

/** The frames of one clause on their way into the tx-queue. */
function createClauseQueue(
  clause: number,
  parts: Pick<SpeechParts, 'line' | 'format'>,
  options: QueueOptions,
) {
  const { line } = parts
  const { signal, utterance } = options
  const size = frameBytes(parts.format)
  /** Frames end to end: a frame with memory of its own would be garbage 50 times a second. */
  let kept = new Uint8Array(FIRST_FRAMES * size)
  let frames = 0
  let begun = false

  async function begin(): Promise<void> {
    options.onFirstAudio?.()
    await options.released?.()
    if (signal.aborted) return
    begun = true
    void line.cue().then((outcome) => {
      if (outcome === 'played') options.onFirstFrame?.()
    })
    utterance.begin(clause, line.nextPositionMs)
  }

  return {
    keep(frame: Uint8Array): void {
      if (frames * size === kept.length) {
        const larger = new Uint8Array(kept.length * 2)
        larger.set(kept)
        kept = larger
      }
      kept.set(frame, frames * size)
      frames++
    },
    async write(): Promise<void> {
      if (frames === 0) return
      if (!begun) await begin()
      for (let at = 0; at < frames; at++) {
        const frame = kept.subarray(at * size, (at + 1) * size)
        while (!signal.aborted && !line.write(frame)) await line.room()
        if (signal.aborted) return
      }
      frames = 0
    },
    get begun() {
      return begun
    },
  }
}
