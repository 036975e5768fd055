import {
  definePlugin,
  MULAW_8K,
  type PluginContext,
  type RealtimeProvider,
  type RealtimeSession,
} from '@kav/core'
import { keyWarnings } from '../key-warnings.ts'
import { checkServer } from '../live/live-check.ts'
import { createSessionTracker } from '@kav/core/kit'
import { type RealtimeParams, realtimeParams } from './realtime-params.ts'
import { openSpeechSession } from './speech-session.ts'

/** Speech to speech by OpenAI Realtime. */
export const openaiRealtime = definePlugin({
  kind: 'realtime',
  name: 'openai-realtime',
  description: 'Speech to speech over OpenAI Realtime: hears, thinks and speaks; mu-law both ways.',
  params: realtimeParams,
  check: keyWarnings,
  liveCheck: ({ model, transcription_model, ...params }, context) =>
    checkServer(params, { models: { model, transcription_model } }, context),
  create: createOpenaiRealtime,
})

function createOpenaiRealtime(params: RealtimeParams, context: PluginContext): RealtimeProvider {
  const doing = `realtime at ${new URL(params.base_url).host}`
  const sessions = createSessionTracker<RealtimeSession>()
  return {
    formats: [
      MULAW_8K,
      { encoding: 'alaw', sampleRateHz: 8000 },
      { encoding: 'linear16', sampleRateHz: 24_000 },
    ],
    detectsTurns: params.turn_detection !== 'none',
    openSession: async (options) => sessions.track(await openSpeechSession(params, context, options, doing)),
    async close() {
      await sessions.closeAll()
    },
  }
}
