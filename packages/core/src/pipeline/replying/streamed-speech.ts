import { asProviderError, ProviderError } from '../../contracts/errors.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { createGate } from '../../kit/gate.ts'
import type { FloorGrant } from '../speaking/floor-grant.ts'
import { saidSound } from './said-sound.ts'
import { type QueueOptions, queueSpeech, type SpeechParts } from './speech.ts'
import type { PlacedWord } from './voice-script.ts'
import type { VoiceStream } from './voice-source.ts'

/** Where a stream gets its text from; told by `StreamedSpeech.more` that it has changed. */
export interface ClauseSupply {
  /** Takes the next clause for the stream; `undefined`: there is none at the moment. */
  take(): string | undefined
  /** Behind what `take` gives now, nothing comes for this stream. */
  complete(): boolean
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
  const { turn, utterance, signal } = options
  const { telemetry } = parts
  const clause = utterance.add(parts.inWords(options.first), options.round)
  let begun = false
  /** How many of those taken were told of; none before the voice may be heard. */
  let told: number | undefined
  let heardBy: FloorGrant | undefined
  /** Where each of those taken begins in the clause. */
  const begins = [0]
  const flow = createClauseFlow(options, (text) => {
    begins.push(utterance.extend(clause, parts.inWords(text)))
    tell()
  })

  function tell(): void {
    while (told !== undefined && told < flow.taken.length) {
      const sound = heardBy && saidSound(utterance, clause, heardBy, begins[told])
      telemetry.agentSaid(turn, flow.taken[told++]!, sound)
    }
  }

  async function* audio(): AsyncGenerator<Uint8Array> {
    signal.addEventListener('abort', flow.more, { once: true })
    flow.more()
    const onWord = (word: PlacedWord): void => utterance.word(clause, word)
    try {
      yield* voice.speak(flow.clauses(), { signal, turn, complete: flow.complete, onWord })
    } finally {
      signal.removeEventListener('abort', flow.more)
      flow.close()
    }
  }

  function onFirstAudio(): void {
    begun = true
    options.onFirstAudio?.()
  }

  const granted: QueueOptions['granted'] = async (until) => {
    const grant = await options.granted(until, clause)
    if (grant && !signal.aborted) {
      told = 0
      heardBy = grant
      tell()
    }
    return grant
  }

  async function speak(): Promise<StreamOutcome> {
    try {
      await queueSpeech(audio(), clause, parts.format, { ...options, granted, onFirstAudio })
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

  return { more: flow.more, taken: flow.taken, done: speak() }
}

/** The clauses of one stream, as the model writes them. */
function createClauseFlow({ first, supply, signal }: StreamedSpeechOptions, onTaken: (text: string) => void) {
  const taken = [first]
  const complete = createGate()
  let wake = createGate()
  let over = false

  async function next(): Promise<string | undefined> {
    while (!over && !signal.aborted) {
      const text = supply.take()
      if (text !== undefined) {
        taken.push(text)
        onTaken(text)
        return text
      }
      if (supply.complete()) return undefined
      wake = createGate()
      await wake.open
    }
    return undefined
  }

  function more(): void {
    if (supply.complete()) complete.release()
    wake.release()
  }

  return {
    taken,
    /** Resolves when no more will come. */
    complete: complete.open,
    more,
    async *clauses(): AsyncGenerator<string> {
      for (let text: string | undefined = first; text !== undefined && !signal.aborted; text = await next()) {
        yield text
      }
    },
    close() {
      over = true
      more()
    },
  }
}
