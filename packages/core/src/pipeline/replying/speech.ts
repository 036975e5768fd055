import { type AudioFormat, frameBytes } from '../../contracts/audio.ts'
import { asProviderError } from '../../contracts/errors.ts'
import type { SpokenText } from '../../language/spoken-form/rules/spoken-text.ts'
import { createReframer } from '../../audio/reframe.ts'
import type { FloorGrant, RunAnswer } from '../speaking/floor-grant.ts'
import type { AgentUtterance } from './utterance.ts'
import type { VoiceSource } from './voice-source.ts'

/** Turns clauses into frames in the tx-queue: the way of the greeting, of every reply and of every filler. */
export interface SpeechParts {
  readonly voice: VoiceSource
  /** The call's format. */
  readonly format: AudioFormat
  /** A clause in words: by them it is judged how much of it was heard. */
  readonly inWords: (text: string) => SpokenText
}

/** How speech is let into the queue. */
export interface QueueOptions {
  readonly utterance: AgentUtterance
  readonly turn?: number
  /** Which round of the reply wrote it. */
  readonly round?: number
  readonly signal: AbortSignal
  /** The right to write, as soon as it may be heard: audio is made meanwhile. `undefined`: it never may. */
  readonly granted: (signal: AbortSignal, clause: number) => Promise<FloorGrant | undefined>
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
 * Speaks one clause into the queue, waiting for room when it is full. Returns when the last frame is queued
 * (`queued`), or when aborted or the floor is lost (`revoked`). Throws a `ProviderError` when the voice fails; what
 * was queued before stays.
 */
export async function speakClause(
  text: string,
  parts: SpeechParts,
  options: ClauseOptions,
): Promise<RunAnswer> {
  const { utterance, signal } = options
  const clause = utterance.add(parts.inWords(text), options.round)
  const speech = parts.voice.speak(text, {
    signal,
    ...(options.turn !== undefined && { turn: options.turn }),
    fixed: options.fixed ?? false,
    onWord: (word) => utterance.word(clause, word),
  })
  return queueSpeech(speech, clause, parts.format, options)
}

/** Queues the audio of a clause of the utterance, a chunk at a time. Ends and throws as `speakClause`. */
export async function queueSpeech(
  speech: AsyncIterable<Uint8Array>,
  clause: number,
  format: AudioFormat,
  options: QueueOptions,
): Promise<RunAnswer> {
  const { utterance, signal } = options
  const feed = createClauseFeed(clause, format, options)
  const reframer = createReframer(format)
  try {
    for await (const audio of speech) {
      if (signal.aborted) return 'revoked'
      reframer.push(audio, feed.add)
      if (feed.keeps() && (await feed.flush()) === 'revoked') return 'revoked'
    }
    if (signal.aborted) return 'revoked'
    reframer.flush(feed.add)
    if (feed.keeps() && (await feed.flush()) === 'revoked') return 'revoked'
    const endMs = feed.endMs()
    if (endMs === undefined) utterance.breakOff(clause, 0)
    else utterance.end(clause, endMs)
    return 'queued'
  } catch (thrown) {
    if (!signal.aborted) utterance.breakOff(clause, feed.endMs() ?? 0)
    throw asProviderError(thrown, 'tts')
  }
}

/** Room for this many frames at first: a chunk of 200 ms. */
const FIRST_FRAMES = 10

/**
 * The frames of one clause on their way to the floor: straight into the tx-queue while there is room, else kept here
 * until `flush` is done. A frame costs no memory of its own: that would be garbage 50 times a second.
 */
function createClauseFeed(clause: number, format: AudioFormat, options: QueueOptions) {
  const { signal, utterance } = options
  const size = frameBytes(format)
  let grant: FloorGrant | undefined
  /** Frames end to end. */
  let kept = new Uint8Array(0)
  let length = 0

  function add(frames: Uint8Array): void {
    const written = length === 0 && grant ? grant.writeFitting(frames, size) : 0
    if (written < frames.length) keep(frames.subarray(written))
  }

  function keep(frames: Uint8Array): void {
    if (length + frames.length > kept.length) {
      const larger = new Uint8Array(Math.max(FIRST_FRAMES * size, kept.length * 2, length + frames.length))
      larger.set(kept.subarray(0, length))
      kept = larger
    }
    kept.set(frames, length)
    length += frames.length
  }

  /** The clause's first frame is there: from now on it has a place among all that is said. */
  async function begin(): Promise<FloorGrant | undefined> {
    options.onFirstAudio?.()
    const given = await options.granted(signal, clause)
    if (!given || signal.aborted) return undefined
    void given.cue().then((outcome) => {
      if (outcome === 'played') options.onFirstFrame?.()
    })
    utterance.begin(clause, given.nextPositionMs())
    return given
  }

  return {
    add,
    keeps: () => length > 0,
    async flush(): Promise<RunAnswer> {
      grant ??= await begin()
      if (!grant) return 'revoked'
      const answer = await grant.writeRun(kept.subarray(0, length), size)
      length = 0
      return answer
    },
    /** Where the next frame would be; `undefined` before the first. */
    endMs: () => grant?.nextPositionMs(),
  }
}
