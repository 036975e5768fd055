import {
  definePlugin,
  MULAW_8K,
  type PluginContext,
  type RealtimeProvider,
  type RealtimeSession,
} from '@kav/core'
import { keyWarnings } from '../key-warnings.ts'
import { type RealtimeParams, realtimeParams } from './realtime-params.ts'
import { openSpeechSession } from './speech-session.ts'

/** Speech to speech by OpenAI Realtime. */
export const openaiRealtime = definePlugin({
  kind: 'realtime',
  name: 'openai-realtime',
  description: 'Speech to speech over OpenAI Realtime: hears, thinks and speaks; mu-law both ways.',
  params: realtimeParams,
  check: keyWarnings,
  create: createOpenaiRealtime,
})

function createOpenaiRealtime(params: RealtimeParams, context: PluginContext): RealtimeProvider {
  const doing = `realtime at ${new URL(params.base_url).host}`
  const sessions = new Set<RealtimeSession>()
  return {
    formats: [
      MULAW_8K,
      { encoding: 'alaw', sampleRateHz: 8000 },
      { encoding: 'linear16', sampleRateHz: 24_000 },
    ],
    detectsTurns: params.turn_detection !== 'none',
    async openSession(options) {
      const session = await openSpeechSession(params, context, options, doing)
      const tracked: RealtimeSession = {
        ...session,
        close() {
          sessions.delete(tracked)
          return session.close()
        },
      }
      sessions.add(tracked)
      return tracked
    },
    async close() {
      await Promise.all([...sessions].map((session) => session.close()))
    },
  }
}
