import { ProviderError, type SttSessionOptions } from '@kav/core'
import type {
  SpeechConfig,
  SpeechRecognizer,
  PushAudioInputStream,
} from 'microsoft-cognitiveservices-speech-sdk'
import type { Credential } from './credentials.ts'
import type { ResolvedParams } from './params.ts'
import type { SpeechSdk } from '@kav/azure-speech'

/** Where version 2 of the recognition API lives at a resource's own domain. */
const UNIVERSAL_PATH = '/stt/speech/universal/v2'
/**
 * One reconnect of the SDK's own, with replay, per final; every further fault is the core's to judge. With 0 the
 * connection switch the service makes every ten minutes would end the session.
 */
const MAX_RETRY_COUNT = '1'
/** A phrase list works up to about 500 phrases (learn.microsoft.com, "Improve recognition accuracy"). */
export const MAX_HINTS = 500

export interface RecognitionAsk {
  readonly region: string
  /** One language, or those to tell apart. */
  readonly languages: readonly string[]
  readonly hints: readonly string[]
  /** Audio that goes out at any speed on a fresh connection. */
  readonly throttleAfterMs: number
}

/** The languages of a session: the configured ones, unless the core asks for another. */
export function sessionLanguages(
  params: ResolvedParams,
  options: Pick<SttSessionOptions, 'language'>,
): readonly string[] {
  const asked = options.language ?? params.language
  const configured = params.languages.includes(asked) || asked === params.language
  return params.languages.length > 0 && configured ? params.languages : [asked]
}

/** Makes a recogniser and the stream it hears. No I/O. */
export function createRecognizer(
  sdk: SpeechSdk,
  params: ResolvedParams,
  credential: Credential,
  ask: RecognitionAsk,
): { recognizer: SpeechRecognizer; stream: PushAudioInputStream } {
  const config = createConfig(sdk, params, credential, ask)
  // Mu-law has 8 bits; with 16 the SDK would also cut it into pieces of 200 ms instead of 100.
  const format = sdk.AudioStreamFormat.getWaveFormat(8000, 8, 1, sdk.AudioFormatTag.MuLaw)
  const stream = sdk.AudioInputStream.createPushStream(format)
  const audio = sdk.AudioConfig.fromStreamInput(stream)
  const recognizer =
    ask.languages.length > 1
      ? sdk.SpeechRecognizer.FromConfig(
          config,
          sdk.AutoDetectSourceLanguageConfig.fromLanguages([...ask.languages]),
          audio,
        )
      : new sdk.SpeechRecognizer(config, audio)
  if (ask.hints.length > 0) {
    const phrases = sdk.PhraseListGrammar.fromRecognizer(recognizer)
    phrases.addPhrases([...ask.hints])
    phrases.setWeight(params.hint_weight)
  }
  return { recognizer, stream }
}

function createConfig(
  sdk: SpeechSdk,
  params: ResolvedParams,
  credential: Credential,
  ask: RecognitionAsk,
): SpeechConfig {
  const config = placeOf(sdk, params, credential, ask.region)
  if (credential.kind === 'token') config.authorizationToken = credential.secret
  if (ask.languages.length === 1) config.speechRecognitionLanguage = ask.languages[0] ?? params.language
  if (params.endpoint_id !== '') config.endpointId = params.endpoint_id
  const { PropertyId } = sdk
  if (params.segmentation_silence_ms > 0) {
    config.setProperty(PropertyId.Speech_SegmentationSilenceTimeoutMs, String(params.segmentation_silence_ms))
  }
  if (params.segmentation_strategy !== 'default') {
    const name = params.segmentation_strategy === 'time' ? 'Time' : 'Semantic'
    config.setProperty(PropertyId.Speech_SegmentationStrategy, name)
  }
  if (params.stable_partials > 0) {
    config.setProperty(
      PropertyId.SpeechServiceResponse_StablePartialResultThreshold,
      String(params.stable_partials),
    )
  }
  config.setProfanity(
    {
      masked: sdk.ProfanityOption.Masked,
      removed: sdk.ProfanityOption.Removed,
      raw: sdk.ProfanityOption.Raw,
    }[params.profanity],
  )
  if (params.word_times) {
    config.outputFormat = sdk.OutputFormat.Detailed
    config.requestWordLevelTimestamps()
  }
  config.setProperty('SPEECH-Error-MaxRetryCount', MAX_RETRY_COUNT)
  config.setProperty('SPEECH-TransmitLengthBeforThrottleMs', String(ask.throttleAfterMs))
  return config
}

function placeOf(
  sdk: SpeechSdk,
  params: ResolvedParams,
  credential: Credential,
  region: string,
): SpeechConfig {
  const key = credential.kind === 'key' ? credential.secret : undefined
  const host = params.region_hosts[region] ?? params.host
  if (host !== '') return sdk.SpeechConfig.fromHost(asUrl(host, region, 'host'), key)
  if (params.endpoint !== '') {
    const url = asUrl(params.endpoint, region, 'endpoint')
    // Without a path the SDK would first ask the resource for a redirect, by HTTPS on port 443.
    if (url.pathname === '/') url.pathname = UNIVERSAL_PATH
    return key === undefined ? sdk.SpeechConfig.fromEndpoint(url) : sdk.SpeechConfig.fromEndpoint(url, key)
  }
  return key === undefined
    ? sdk.SpeechConfig.fromAuthorizationToken(credential.secret, region)
    : sdk.SpeechConfig.fromSubscription(key, region)
}

function asUrl(text: string, region: string, param: string): URL {
  try {
    const url = new URL(text.replaceAll('{region}', region))
    url.protocol = url.protocol.replace(/^http/, 'ws')
    return url
  } catch {
    throw new ProviderError('bad-request', `stt.params.${param}: "${text}" is not a URL (wss://host[:port])`)
  }
}
