import { bytesPerSecond, type PluginContext, type TtsRequest } from '@kav/core'
import { addressOf, type FaultRules, streamRequest, type StreamRequest } from '@kav/core/kit'
import { authorization, originOf } from '../connection.ts'
import { formatNameOf, languageCodeOf } from '../formats.ts'
import { jsonLines } from './spoken-lines.ts'
import { settingsOf, type TtsParams, voiceFor } from './tts-params.ts'
import { alignmentInSeconds, createWordTimes } from './word-times.ts'

export interface Speaking {
  readonly params: TtsParams
  readonly context: PluginContext
  readonly faults: FaultRules
  readonly signals: readonly AbortSignal[]
}

/** One text in one request: bare audio, or audio and times line by line where somebody wants the times. */
export async function* speakByRequest(
  speaking: Speaking,
  request: TtsRequest,
  text: string,
): AsyncGenerator<Uint8Array, void> {
  if (request.onWord === undefined) return yield* streamRequest(asked(speaking, request, text, ''))
  const { faults, context } = speaking
  const words = createWordTimes(request.onWord)
  const lines = jsonLines(streamRequest(asked(speaking, request, text, '/with-timestamps')), faults)
  let bytes = 0
  for await (const { audio_base64, alignment } of lines) {
    // One piece of the network holds several lines.
    if (speaking.signals.some((signal) => signal.aborted)) return
    const known = alignmentInSeconds(alignment)
    // Times of this form count from the beginning of the request.
    if (known !== undefined) words.add(known, 0)
    else if (alignment !== null && alignment !== undefined)
      context.metrics.count('elevenlabs_tts_odd_words_total')
    if (typeof audio_base64 !== 'string' || audio_base64 === '') continue
    const audio = Buffer.from(audio_base64, 'base64')
    bytes += audio.length
    yield audio
  }
  if (bytes > 0) words.end()
}

function asked(
  { params, context, faults, signals }: Speaking,
  { format, language }: TtsRequest,
  text: string,
  form: '' | '/with-timestamps',
): StreamRequest {
  const voice = encodeURIComponent(voiceFor(params, language))
  const settings = settingsOf(params)
  const code = languageCodeOf(language ?? params.language)
  return {
    url: addressOf(originOf(params), `/v1/text-to-speech/${voice}/stream${form}`, {
      output_format: formatNameOf(format),
      ...params.query,
    }),
    headers: { ...authorization(params), 'content-type': 'application/json' },
    body: JSON.stringify({
      text,
      model_id: params.model,
      ...(code !== '' && { language_code: code }),
      ...(settings !== undefined && { voice_settings: settings }),
    }),
    faults,
    clock: context.clock,
    signals,
    firstMs: params.first_audio_timeout_ms,
    idleMs: params.idle_timeout_ms,
    // An error with status 200 would be noise in the caller's ear.
    accepts: (type) => form !== '' || !/^(application\/json|text\/)/i.test(type),
  }
}

/** How long these bytes play. */
export function msOf(bytes: number, { format }: TtsRequest): number {
  return (bytes * 1000) / bytesPerSecond(format)
}
