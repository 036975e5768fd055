import { createHash } from 'node:crypto'
import {
  type AudioFormat,
  definePlugin,
  type ParamWarning,
  type PluginContext,
  ProviderError,
  type TtsProvider,
  type TtsRequest,
} from '@kav/core'
import type { SpeechCreateParams } from 'openai/resources/audio/speech'
import { createConnection } from '../connection.ts'
import { keyWarnings } from '../key-warnings.ts'
import { checkServer } from '../live/live-check.ts'
import { providerErrorFrom } from '../provider-error.ts'
import { createRequestWatch, isSayable, type RequestWatch, splitText } from '@kav/core/kit'
import { type TtsParams, ttsParams } from './tts-params.ts'

/** Voices of OpenAI and of every server with its `/audio/speech`. */
export const openaiTts = definePlugin({
  kind: 'tts',
  name: 'openai-tts',
  description: 'Speech of OpenAI and compatible servers, streamed as raw PCM.',
  params: ttsParams,
  check: checkParams,
  liveCheck: (params, context) =>
    checkServer(params, { models: { model: params.model }, voice: params.voice }, context),
  create: createOpenaiTts,
})

function checkParams(params: TtsParams): ParamWarning[] {
  const warnings = keyWarnings(params)
  if (params.instructions !== undefined && params.model.startsWith('tts-1')) {
    warnings.push({ path: ['instructions'], message: `${params.model} ignores instructions` })
  }
  return warnings
}

/** Content types that would be noise in the caller's ear if they were played as samples. */
const NOT_SAMPLES = /^(application\/json|text\/|audio\/(mpeg|mp3|aac|ogg|opus|flac|webm|mp4))/i

function createOpenaiTts(params: TtsParams, context: PluginContext): TtsProvider {
  const { clock, metrics } = context
  const connection = createConnection(params)
  const doing = `speech from ${connection.host}`
  const format: AudioFormat = { encoding: encodingOf(params), sampleRateHz: params.sample_rate_hz }
  const watchFor = (outer: readonly AbortSignal[], firstMs: number) =>
    createRequestWatch(clock, [...outer, connection.closed], {
      doing,
      firstMs,
      idleMs: params.idle_timeout_ms,
    })

  async function* speak(request: TtsRequest, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    if (!isSayable(request.text)) return
    for (const input of splitText(request.text, params.max_input_chars)) {
      if (signal.aborted) return
      yield* speakPiece(input, signal)
    }
  }

  async function* speakPiece(input: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const startedMs = clock.nowMs()
    const watch = watchFor([signal], params.first_audio_timeout_ms)
    let outcome = 'cancelled'
    let audioBytes = 0
    try {
      for await (const chunk of audio(input, watch)) {
        if (signal.aborted) return
        if (audioBytes === 0) {
          watch.arrived()
          metrics.observe('openai_tts_first_audio_ms', clock.nowMs() - startedMs)
        }
        audioBytes += chunk.length
        yield chunk
      }
      if (signal.aborted) return
      if (audioBytes === 0) {
        throw new ProviderError('bad-data', `${doing}: the answer held no audio; check model and voice`)
      }
      outcome = 'ok'
      metrics.count('openai_tts_characters_total', input.length)
    } catch (thrown) {
      if (signal.aborted) return
      const error = watch.fault() ?? providerErrorFrom(thrown, doing)
      outcome = error.class
      throw error
    } finally {
      watch.end()
      metrics.count('openai_tts_requests_total', 1, { outcome: signal.aborted ? 'cancelled' : outcome })
    }
  }

  /** The body of one `POST /audio/speech` as it comes. */
  async function* audio(input: string, watch: RequestWatch): AsyncGenerator<Uint8Array, void> {
    const client = await connection.client()
    const response = await client.audio.speech.create(speechRequest(params, input), { signal: watch.signal })
    const type = response.headers.get('content-type') ?? ''
    if (NOT_SAMPLES.test(type)) {
      throw new ProviderError(
        'bad-data',
        `${doing}: answered with ${type} instead of samples; check that the server has response_format ${params.response_format}`,
      )
    }
    if (!response.body) return
    const body: AsyncIterable<Uint8Array> = response.body
    for await (const chunk of watch.pieces(body)) {
      if (chunk.length > 0) yield chunk
    }
  }

  return {
    produces: [format],
    voiceKey: voiceKey(params),
    // Of other servers' voices nobody knows.
    normalises: connection.host === 'api.openai.com',
    speak,
    async warm() {
      const watch = watchFor([], params.first_audio_timeout_ms)
      await connection.warm(`/models/${encodeURIComponent(params.model)}`, watch.signal)
      watch.end()
    },
    close: () => connection.close(),
  }
}

function encodingOf(params: TtsParams): AudioFormat['encoding'] {
  if (params.response_format === 'alaw') return 'alaw'
  return params.response_format.endsWith('ulaw') ? 'mulaw' : 'linear16'
}

function speechRequest(params: TtsParams, input: string): SpeechCreateParams {
  const body: SpeechCreateParams = {
    model: params.model,
    voice: params.voice,
    input,
    response_format: params.response_format as NonNullable<SpeechCreateParams['response_format']>,
  }
  if (params.instructions !== undefined) body.instructions = params.instructions
  if (params.speed !== undefined) body.speed = params.speed
  return Object.assign(body, params.extra_body)
}

/** Everything that changes how a text sounds, and nothing that lets anybody in. */
function voiceKey(params: TtsParams): string {
  const { base_url, model, voice, instructions, speed, response_format, sample_rate_hz, extra_body } = params
  const rest = JSON.stringify([base_url, instructions, speed, response_format, sample_rate_hz, extra_body])
  return `openai/${model}/${voice}/${createHash('sha256').update(rest).digest('hex').slice(0, 16)}`
}
