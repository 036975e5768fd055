import { asProviderError, ProviderError } from '../../contracts/errors.ts'
import type { TtsWordTime } from '../../contracts/tts.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { createGate } from '../../kit/gate.ts'
import { type QueueOptions, queueSpeech, type SpeechParts } from './speech.ts'
import type { VoiceStream } from './voice-source.ts'

/** Where a stream gets its text from; told by `StreamedSpeech.more` that it has changed. */
export interface ClauseSupply {
  /** Takes the next clause for the stream; `undefined`: there is none at the moment. */
  take(): string | undefined
  /** Behind what `take` gives now, nothing comes for this stream. */
  readonly complete: boolean
}

export interface StreamedSpeechParts extends SpeechParts {
  readonly telemetry: CallTelemetry
}

export interface StreamedSpeechOptions extends QueueOptions {
  readonly turn: number
  readonly first: string
  /** What follows `first`. */
  readonly supply: ClauseSupply
}

/** `spoken`: all of it is queued, or it was aborted. Failed: `unspoken` before its first audio, `broken` after. */
export type StreamOutcome = 'spoken' | 'unspoken' | 'broken'

/** Several clauses spoken through one stream of the voice, on their way into the queue. */
export interface StreamedSpeech {
  /** The supply has another clause, or is complete. */
  more(): void
  /** What the voice was given so far. */
  readonly taken: readonly string[]
  /** Never rejects: a failure is told to telemetry. */
  readonly done: Promise<StreamOutcome>
}

/**
 * Starts a stream. Its audio has no borders between clauses: in the utterance it is one clause that grows. The deadline
 * of the first audio runs from now on; the one between chunks once the supply is complete, since a voice that waits for
 * the model is not dead.
 */
export function startStreamedSpeech(
  voice: VoiceStream,
  parts: StreamedSpeechParts,
  options: StreamedSpeechOptions,
): StreamedSpeech {
  const { turn, utterance, signal, supply } = options
  const { telemetry } = parts
  const taken = [options.first]
  const clause = utterance.add(options.first, options.round)
  const complete = createGate()
  let wake = createGate()
  let over = false
  let begun = false
  /** How many of `taken` were told of; none before the voice may be heard. */
  let told: number | undefined

  function more(): void {
    if (supply.complete) complete.release()
    wake.release()
  }

  async function* clauses(): AsyncGenerator<string> {
    let text: string | undefined = options.first
    while (text !== undefined && !signal.aborted) {
      yield parts.pronounce(text)
      text = await nextClause()
    }
  }

  async function nextClause(): Promise<string | undefined> {
    while (!over && !signal.aborted) {
      const text = supply.take()
      if (text !== undefined) {
        taken.push(text)
        utterance.extend(clause, text)
        tell()
        return text
      }
      if (supply.complete) return undefined
      wake = createGate()
      await wake.open
    }
    return undefined
  }

  function tell(): void {
    while (told !== undefined && told < taken.length) telemetry.agentSaid(turn, taken[told++]!)
  }

  async function* audio(): AsyncGenerator<Uint8Array> {
    signal.addEventListener('abort', more, { once: true })
    more()
    const onWord = (time: TtsWordTime): void => utterance.word(clause, time)
    try {
      yield* voice.speak(clauses(), { signal, complete: complete.open, onWord })
    } finally {
      signal.removeEventListener('abort', more)
      over = true
      more()
    }
  }

  function onFirstAudio(): void {
    begun = true
    options.onFirstAudio?.()
  }

  async function released(): Promise<void> {
    await options.released?.()
    if (signal.aborted) return
    told = 0
    tell()
  }

  async function speak(): Promise<StreamOutcome> {
    try {
      await queueSpeech(audio(), clause, parts, { ...options, released, onFirstAudio })
      if (begun || signal.aborted) return 'spoken'
      throw new ProviderError('bad-data', 'no audio for a reply')
    } catch (thrown) {
      if (signal.aborted) return 'spoken'
      const error = asProviderError(thrown, 'tts')
      if (begun) telemetry.ttsFailed(turn, error)
      else telemetry.ttsStreamFellBack(turn, error)
      return begun ? 'broken' : 'unspoken'
    }
  }

  return { more, taken, done: speak() }
}
