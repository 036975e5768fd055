import type { AudioFormat } from '@kav/core'
import type { protos } from '@google-cloud/speech'
import { toApiLanguage } from './language-code.ts'
import type { ResolvedParams } from './params.ts'
import { V2_ONLY_MODEL } from './streaming-table.ts'

type V1 = protos.google.cloud.speech.v1.IStreamingRecognizeRequest
type V1Config = protos.google.cloud.speech.v1.IRecognitionConfig
type V2 = protos.google.cloud.speech.v2.IStreamingRecognizeRequest
type V2Config = protos.google.cloud.speech.v2.IRecognitionConfig

/** What one session wants to hear: params, and what this call adds to them. */
export interface RecognitionAsk {
  readonly params: ResolvedParams
  readonly format: AudioFormat
  readonly model: string
  /** As the pipeline spells it. */
  readonly language: string
  /** Hints of the conversation; the params' own come first. */
  readonly hints: readonly string[]
}

/** Limits of adaptation, docs "Quotas and limits": phrases a request, characters a phrase, characters in all. */
export const HINT_CAPS = { maxPhrases: 5000, maxPhraseChars: 100, maxChars: 100_000 }

/** The hints that fit, without repeats, and how many did not. */
export function fitHints(hints: readonly string[]): { phrases: string[]; left: number } {
  const { maxPhrases, maxPhraseChars, maxChars } = HINT_CAPS
  const unique = [...new Set(hints.map((hint) => hint.trim()).filter((hint) => hint !== ''))]
  const phrases: string[] = []
  let chars = 0
  for (const hint of unique) {
    if (hint.length > maxPhraseChars || phrases.length >= maxPhrases || chars + hint.length > maxChars)
      continue
    phrases.push(hint)
    chars += hint.length
  }
  return { phrases, left: unique.length - phrases.length }
}

const ENCODING = { mulaw: 'MULAW', alaw: 'ALAW', linear16: 'LINEAR16' } as const
const SENSITIVITY = {
  standard: 'ENDPOINTING_SENSITIVITY_STANDARD',
  short: 'ENDPOINTING_SENSITIVITY_SHORT',
  supershort: 'ENDPOINTING_SENSITIVITY_SUPERSHORT',
} as const

/** Google's page "Chirp 2": times of words may cost quality and speed. "Chirp 3" has none. */
function wantsWordTimes({ params, model }: RecognitionAsk): boolean {
  return params.word_times === 'auto' ? !V2_ONLY_MODEL.test(model) : params.word_times === 'on'
}

function languagesOf(ask: RecognitionAsk): string[] {
  return [...new Set([ask.language, ...ask.params.alternative_languages].map(toApiLanguage))]
}

export function v2Config(ask: RecognitionAsk): V2Config {
  const { phrases } = fitHints([...ask.params.hints, ...ask.hints])
  const boost = ask.params.hint_boost
  return {
    explicitDecodingConfig: {
      encoding: ENCODING[ask.format.encoding],
      sampleRateHertz: ask.format.sampleRateHz,
      audioChannelCount: 1,
    },
    languageCodes: languagesOf(ask),
    model: ask.model,
    features: {
      enableAutomaticPunctuation: ask.params.punctuation,
      profanityFilter: ask.params.profanity_filter,
    },
    ...(phrases.length > 0 && {
      adaptation: {
        phraseSets: [{ inlinePhraseSet: { phrases: phrases.map((value) => ({ value, boost })) } }],
      },
    }),
  }
}

/** First message of a v2 stream (google.cloud.speech.v2, `StreamingRecognizeRequest`). */
export function v2Opening(ask: RecognitionAsk, recognizer: string): V2 {
  const config = v2Config(ask)
  const enableWordTimeOffsets = wantsWordTimes(ask)
  return {
    recognizer,
    streamingConfig: {
      config: { ...config, features: { ...config.features, enableWordTimeOffsets } },
      // No voice activity timeouts: either of them would end the stream.
      streamingFeatures: {
        interimResults: ask.params.interim,
        enableVoiceActivityEvents: ask.params.voice_activity_events,
        endpointingSensitivity: SENSITIVITY[ask.params.endpointing_sensitivity],
      },
    },
  }
}

export function v1Config(ask: RecognitionAsk): V1Config {
  const { phrases } = fitHints([...ask.params.hints, ...ask.hints])
  const [languageCode, ...alternativeLanguageCodes] = languagesOf(ask)
  return {
    encoding: ask.format.encoding === 'linear16' ? 'LINEAR16' : 'MULAW',
    sampleRateHertz: ask.format.sampleRateHz,
    languageCode: languageCode ?? ask.language,
    alternativeLanguageCodes,
    model: ask.model,
    useEnhanced: ask.params.use_enhanced,
    enableAutomaticPunctuation: ask.params.punctuation,
    profanityFilter: ask.params.profanity_filter,
    ...(phrases.length > 0 && { speechContexts: [{ phrases, boost: ask.params.hint_boost }] }),
  }
}

/** First message of a v1 stream (google.cloud.speech.v1, `StreamingRecognizeRequest`). */
export function v1Opening(ask: RecognitionAsk): V1 {
  return {
    streamingConfig: {
      config: { ...v1Config(ask), enableWordTimeOffsets: wantsWordTimes(ask) },
      interimResults: ask.params.interim,
      singleUtterance: false,
      enableVoiceActivityEvents: ask.params.voice_activity_events,
    },
  }
}
