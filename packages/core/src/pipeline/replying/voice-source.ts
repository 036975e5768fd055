import { type AudioFormat, sameFormat } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { ProviderError } from '../../contracts/errors.ts'
import { safely } from '../../contracts/safely.ts'
import type { TtsProvider, TtsRequest, TtsWordTime } from '../../contracts/tts.ts'
import { timedIteration } from '../../kit/timed-iteration.ts'
import { createInOrder, type InOrderRequest } from '../../providers/in-order.ts'
import type { ProviderInstance } from '../../providers/provider-instance.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { createChunkFault } from './chunk-fault.ts'
import { limitedSpeech } from './limited-speech.ts'
import { convertedSpeech } from './converted-speech.ts'
import type { Pronouncer } from './pronouncer.ts'
import { cachedSpeech, type SpeechCache, speechKey } from './speech-cache.ts'
import { createSpeechMeter } from './speech-meter.ts'
import { createVoiceScript, type PlacedWord, type VoiceScript } from './voice-script.ts'

export type NamedTts = ProviderInstance<TtsProvider>

/** The call's voice: whatever the providers produce comes out in the call's own format. */
export interface VoiceSource {
  /**
   * Speech of one clause in the call's format, chunks of any size. A chunk is lent until the next is asked for.
   * `text` is what was written: each voice is given it in its own way.
   * A provider that fails before its first audio is replaced by the next; throws the last `ProviderError`.
   */
  speak(text: string, options: SpeakOptions): AsyncIterable<Uint8Array>
  /** The voice that would speak at this moment, if it takes a whole reply as one stream. */
  stream(): VoiceStream | undefined
}

/** One voice, in one language, that is given the clauses of a reply as they are written. */
export interface VoiceStream {
  /** False once the call has another voice or language: what comes then is not for this one. */
  current(): boolean
  /** As `VoiceSource.speak`, without another voice in reserve. Called once. */
  speak(clauses: AsyncIterable<string>, options: StreamOptions): AsyncIterable<Uint8Array>
}

export interface StreamOptions {
  readonly signal: AbortSignal
  /** Whose it is; absent: of no turn. */
  readonly turn?: number
  readonly onWord?: (word: PlacedWord) => void
  /** Resolves when no more clauses will come: only then is a voice that says nothing late. */
  readonly complete: Promise<void>
}

export interface SpeakOptions {
  readonly signal: AbortSignal
  /** Whose it is; absent: of no turn. */
  readonly turn?: number
  readonly onWord?: (word: PlacedWord) => void
  /** A text of the configuration: taken from the cache, and put there. */
  readonly fixed?: boolean
}

export interface VoiceSourceParts {
  /** In the order they are tried; those of the call's language at this moment. */
  readonly voices: () => readonly NamedTts[]
  readonly callId: string
  readonly format: AudioFormat
  /** `undefined`: the language the voices are configured for. */
  readonly language: () => string | undefined
  readonly pronouncer: Pick<Pronouncer, 'forVoice'>
  /** For the first audio of each provider, and between chunks. */
  readonly firstAudioTimeoutMs: number
  readonly clock: Clock
  readonly telemetry: CallTelemetry
  readonly cache?: SpeechCache | undefined
}

export function createVoiceSource(parts: VoiceSourceParts): VoiceSource {
  const { voices, language, pronouncer, format, telemetry, cache } = parts
  const inOrder = createInOrder<TtsProvider>({
    fallback: (fallback) => telemetry.ttsFellBack(fallback),
    passedOver: (by) => telemetry.providerPassedOver('tts', by),
  })

  function synthesize(text: string, options: SpeakOptions, onBegin?: (voice: NamedTts) => void) {
    const say: AskVoice = (tts, request, script, signal) =>
      tts.speak({ ...request, text: script.add(text) }, signal)
    return inOrder.stream(voices(), {
      ...voiceRequest(parts, options, { say, ...(onBegin && { onBegin }) }),
      fault: (last) => (last ? undefined : new ProviderError('bad-data', 'no audio for a clause')),
    })
  }

  return {
    speak(text, options) {
      const own = voices()[0]
      const voiceKey = own?.provider.voiceKey
      if (!options.fixed || !cache || !own || voiceKey === undefined) return synthesize(text, options)
      const { spoken } = pronouncer.forVoice(text, own.provider)
      return cachedSpeech(cache, speechKey(voiceKey, format, language(), spoken), {
        signal: options.signal,
        onLookup: (hit) => telemetry.speechCached(hit),
        speak: (onVoice) => synthesize(text, options, (voice) => onVoice(voice === own)),
      })
    },
    stream() {
      const voice = inOrder.first(voices())
      if (!voice?.provider.speakReply) return undefined
      const spoken = language()
      return {
        current() {
          return voices().includes(voice) && language() === spoken
        },
        speak(clauses, options) {
          async function* given(script: VoiceScript): AsyncGenerator<string> {
            for await (const clause of clauses) yield script.add(clause)
          }
          const say: AskVoice = (tts, request, script, signal) =>
            tts.speakReply!(given(script), request, signal)
          return inOrder.stream([voice], voiceRequest(parts, options, { say, idleFrom: options.complete }))
        },
      }
    },
  }
}

/** Asks a voice to say something; `script` turns it into what this voice is given. */
type AskVoice = (
  tts: TtsProvider,
  request: TtsRequest,
  script: VoiceScript,
  signal: AbortSignal,
) => AsyncIterable<Uint8Array>

/** What a voice is asked to say. */
interface Spoken {
  readonly say: AskVoice
  /** Before it, silence between chunks is no fault. */
  readonly idleFrom?: Promise<void>
  /** This voice speaks. */
  readonly onBegin?: (voice: NamedTts) => void
}

/** How any voice is asked for speech in the call's format. */
function voiceRequest(
  parts: VoiceSourceParts,
  options: { signal: AbortSignal; turn?: number; onWord?: (word: PlacedWord) => void },
  { say, idleFrom, onBegin }: Spoken,
): InOrderRequest<TtsProvider, Uint8Array> {
  const { telemetry, pronouncer, firstAudioTimeoutMs: limitMs } = parts
  const meter = createSpeechMeter(telemetry.usage)
  const watch = telemetry.requests.watch('tts', options.turn)
  const onCut = (limitMs: number): void => telemetry.amountCut('clause_audio_ms', limitMs)
  return {
    signal: options.signal,
    onBegin(voice) {
      meter.begun()
      watch.begun()
      onBegin?.(voice)
    },
    onOver(_voice, error, whole) {
      meter.over()
      watch.over(error, whole)
    },
    ask({ name, provider }, signal) {
      watch.asked(name)
      const { format } = parts
      const produced = provider.produces.find((known) => sameFormat(known, format)) ?? provider.produces[0]
      if (!produced) throw new ProviderError('bad-request', 'produces no audio format')
      const language = parts.language()
      const script = createVoiceScript((clause) => pronouncer.forVoice(clause, provider))
      const onWord = options.onWord && placedIn(script, options.onWord, telemetry)
      const request = {
        callId: parts.callId,
        text: '',
        format: produced,
        ...(language === undefined ? {} : { language }),
        ...(onWord && { onWord }),
        ...meter.asked(name, script.chars),
      }
      const limits = { clock: parts.clock, firstMs: limitMs, idleMs: limitMs, what: 'tts', signal }
      const chunks = timedIteration(
        say(provider, request, script, signal),
        { ...limits, ...(idleFrom && { idleFrom }) },
        createChunkFault(),
      )
      return limitedSpeech(convertedSpeech(chunks, produced, format), format, { chars: script.chars, onCut })
    },
  }
}

/** Of the times that are left out of one text, so many are counted. */
const MAX_COUNTED_WORDS = 10_000

/** A copy; `undefined` for what is none, a getter or proxy that throws among it. */
function wordTimeIn(time: unknown): TtsWordTime | undefined {
  if (typeof time !== 'object' || time === null) return undefined
  const { word, startMs } = safely(() => ({ ...(time as Partial<TtsWordTime>) })) ?? {}
  return typeof word === 'string' && Number.isFinite(startMs) ? { word, startMs: startMs! } : undefined
}

/** Times of words with their places in what was written. A text has no more words than characters. */
function placedIn(
  script: VoiceScript,
  tell: (word: PlacedWord) => void,
  telemetry: CallTelemetry,
): (time: TtsWordTime) => void {
  let told = 0
  let cut = 0
  return (sent) => {
    const most = script.chars()
    const time = told < most ? wordTimeIn(sent) : undefined
    if (time === undefined) {
      // A voice may tell them by the million, in one go.
      if (cut++ < MAX_COUNTED_WORDS) telemetry.amountCut('word_times', most)
      return
    }
    told++
    tell({ startMs: time.startMs, end: script.endOf(time.word) })
  }
}
