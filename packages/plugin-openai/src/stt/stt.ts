import {
  definePlugin,
  MULAW_8K,
  type ParamWarning,
  type PluginContext,
  ProviderError,
  type SttProvider,
  type SttSession,
  type SttSessionOptions,
} from '@kav/core'
import { createConnection } from '../connection.ts'
import { keyWarnings } from '../key-warnings.ts'
import { checkServer } from '../live/live-check.ts'
import { createSessionTracker } from '@kav/core/kit'
import { providerErrorFrom } from '../provider-error.ts'
import { createRequestWatch } from '@kav/core/kit'
import { fileModelOf, transcribeFile } from './recognize.ts'
import { isLiveModel, turnDetectionOf } from './session-update.ts'
import { type SttParams, sttParams } from './stt-params.ts'
import { openTranscriptionSession } from './transcription-session.ts'
import { openUtteranceSession } from './utterance-session.ts'

/** Recognition by OpenAI Realtime, and by every server with its `/audio/transcriptions`. */
export const openaiStt = definePlugin({
  kind: 'stt',
  name: 'openai-stt',
  description:
    'Live transcription over OpenAI Realtime (mu-law as it is); single utterances by file, Whisper servers too.',
  params: sttParams,
  check: checkParams,
  liveCheck: (params, context) => checkServer(params, { models: modelsAskedFor(params) }, context),
  create: createOpenaiStt,
})

function checkParams(params: SttParams): ParamWarning[] {
  const warnings = keyWarnings(params)
  if (params.mode === 'realtime' && isLiveModel(params.model) && turnDetectionOf(params) !== 'none') {
    warnings.push({
      path: ['turn_detection'],
      message: `${params.model} refuses turn detection; leave it at auto`,
    })
  }
  if (params.mode !== 'realtime' && isLiveModel(params.model) && params.file_model === undefined) {
    warnings.push({ path: ['model'], message: `${params.model} is live only; files go to gpt-4o-transcribe` })
  }
  return warnings
}

/** Sessions fall back on single requests, so `realtime` asks for both. By the param that names each. */
function modelsAskedFor(params: SttParams): Readonly<Record<string, string>> {
  const session = params.mode === 'realtime' ? { model: params.model } : {}
  const file = fileModelOf(params)
  return file === params.model ? { model: file } : { ...session, file_model: file }
}

function createOpenaiStt(params: SttParams, context: PluginContext): SttProvider {
  const { clock, metrics } = context
  const connection = createConnection(params)
  const sessions = createSessionTracker<SttSession>()

  async function open(options: SttSessionOptions): Promise<SttSession> {
    switch (params.mode) {
      case 'realtime':
        return openTranscriptionSession(params, context, options, `realtime at ${connection.host}`)
      case 'utterances':
        if (options.signal.aborted) throw new ProviderError('cancelled', 'utterances: cancelled')
        return openUtteranceSession({
          options,
          pauseMs: params.silence_ms,
          transcribe: (audio, signal) => transcribe(audio, options, signal),
        })
      case 'file':
        throw new ProviderError(
          'bad-request',
          `${connection.host} is asked for single utterances only (stt.params.mode is file)`,
        )
    }
  }

  async function transcribe(
    audio: Uint8Array,
    options: Omit<SttSessionOptions, 'region'>,
    signal: AbortSignal,
  ): Promise<string> {
    const doing = `transcription by ${connection.host}`
    const watch = createRequestWatch(clock, [signal, connection.closed], {
      doing,
      firstMs: params.request_timeout_ms,
      idleMs: params.request_timeout_ms,
    })
    let outcome = 'ok'
    try {
      if (signal.aborted) throw new ProviderError('cancelled', `${doing}: cancelled`)
      const client = await connection.client()
      return await transcribeFile(client, params, audio, options, watch, doing)
    } catch (thrown) {
      const error = signal.aborted
        ? new ProviderError('cancelled', `${doing}: cancelled`)
        : (watch.fault() ?? providerErrorFrom(thrown, doing))
      outcome = error.class
      throw error
    } finally {
      watch.end()
      metrics.count('openai_stt_requests_total', 1, { outcome })
    }
  }

  return {
    accepts: [
      MULAW_8K,
      { encoding: 'alaw', sampleRateHz: 8000 },
      { encoding: 'linear16', sampleRateHz: 24_000 },
    ],
    ...(params.mode === 'realtime' ? { maxSessionMs: params.max_session_ms } : {}),
    ...(params.mode === 'realtime' ? {} : { partials: false }),
    ...(params.mode === 'file' ? { sessions: false } : {}),
    openSession: async (options) => sessions.track(await open(options)),
    recognize: (audio, options) => transcribe(audio, options, options.signal),
    async close() {
      await sessions.closeAll()
      await connection.close()
    },
  }
}
