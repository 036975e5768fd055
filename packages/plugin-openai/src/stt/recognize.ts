import { type AudioFormat, createConverter, ProviderError, type SttSessionOptions, writeWav } from '@kav/core'
import type { OpenAI } from 'openai'
import { parseJson, type RequestWatch, textUpTo } from '@kav/core/kit'
import { fieldsOf, textOf } from '../foreign-fields.ts'
import { languageCode } from '../language-code.ts'
import { isLiveModel, promptOf } from './session-update.ts'
import type { SttParams } from './stt-params.ts'

/** More than anybody says in one utterance, with all that may stand beside the text. */
const MAX_ANSWER_BYTES = 1_048_576

/** One utterance by `POST /audio/transcriptions`. */
export async function transcribeFile(
  client: OpenAI,
  params: SttParams,
  audio: Uint8Array,
  options: Omit<SttSessionOptions, 'region'>,
  watch: RequestWatch,
  doing: string,
): Promise<string> {
  const language = languageCode(options.language ?? params.language)
  const prompt = promptOf(params, options.hints)
  const format: AudioFormat = { encoding: params.upload_encoding, sampleRateHz: params.upload_rate_hz }
  const request = client.audio.transcriptions.create(
    {
      file: new File([wav(audio, options.format, format)], 'utterance.wav', { type: 'audio/wav' }),
      model: fileModelOf(params),
      response_format: 'json',
      ...(language === undefined ? {} : { language }),
      ...(prompt === undefined ? {} : { prompt }),
    },
    { signal: watch.signal },
  )
  // The SDK itself would read an answer without an end.
  const { body } = await request.asResponse()
  const answer = await textUpTo(body as AsyncIterable<Uint8Array> | null, MAX_ANSWER_BYTES)
  const text = textOf(fieldsOf(parseJson(answer)).text)
  if (text === undefined) {
    throw new ProviderError('bad-data', `${doing}: the answer holds no text; check base_url`)
  }
  return text.trim()
}

function wav(audio: Uint8Array, from: AudioFormat, to: AudioFormat): Uint8Array<ArrayBuffer> {
  const converter = createConverter(from, to)
  const converted = Buffer.concat([Buffer.from(converter.convert(audio)), Buffer.from(converter.flush())])
  return new Uint8Array(writeWav(to, 1, converted))
}

/** The model of single requests. */
export function fileModelOf(params: SttParams): string {
  return params.file_model ?? (isLiveModel(params.model) ? 'gpt-4o-transcribe' : params.model)
}
