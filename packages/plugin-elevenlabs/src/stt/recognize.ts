import { type PluginContext, type SttSessionOptions, writeWav } from '@kav/core'
import { addressOf, faultOf, type FaultRules, jsonMessage, textRequest } from '@kav/core/kit'
import { authorization, originOf } from '../connection.ts'
import { languageCodeOf } from '../formats.ts'
import type { SttParams } from './stt-params.ts'

/** No answer about one utterance is longer: it has an entry for each word. */
const MAX_ANSWER_BYTES = 4_000_000

interface Recognition {
  readonly params: SttParams
  readonly context: PluginContext
  readonly faults: FaultRules
  /** Aborts when the provider closes. */
  readonly closed: AbortSignal
}

/** One utterance in one request (`POST /v1/speech-to-text`), as a WAV file. Its audio is lent until this settles. */
export async function recognizeUtterance(
  { params, context, faults, closed }: Recognition,
  audio: Uint8Array,
  options: Omit<SttSessionOptions, 'region'>,
): Promise<string> {
  const form = new FormData()
  form.append('model_id', params.recognize_model)
  form.append('timestamps_granularity', 'none')
  form.append('tag_audio_events', 'false')
  const language = languageCodeOf(options.language ?? params.language)
  if (language !== '') form.append('language_code', language)
  form.append('file', new Blob([writeWav(options.format, 1, audio)]), 'utterance.wav')
  const answer = await textRequest({
    url: addressOf(originOf(params), '/v1/speech-to-text', params.query),
    headers: authorization(params),
    body: form,
    faults,
    clock: context.clock,
    signals: [options.signal, closed],
    limitMs: params.recognize_timeout_ms,
    maxBytes: MAX_ANSWER_BYTES,
  })
  const text = jsonMessage(answer)?.text
  if (typeof text !== 'string')
    throw faultOf({ errorClass: 'bad-data', said: 'an answer without a text' }, faults)
  return text
}
