import { MULAW_8K, type PluginContext, type SttProvider, type SttSession } from '@kav/core'
import { createCredentials } from './credentials.ts'
import { regionsOf, resolveParams, type AzureSttParams } from './params.ts'
import { recognizeUtterance } from './recognize.ts'
import { openSession, type Shared } from './open-session.ts'
import { MAX_HINTS } from './speech-config.ts'
import { loadSpeechSdk } from '@kav/azure-speech'

/** Makes the recogniser. */
export function createProvider(given: AzureSttParams, context: PluginContext): SttProvider {
  const params = resolveParams(given)
  const open = new Set<SttSession>()
  const shared: Shared = { params, context, credentials: createCredentials(params, context), open }
  // Loading takes an eighth of a second: it is done by the time of the first call.
  loadSpeechSdk().catch(() => undefined)
  return {
    accepts: [MULAW_8K],
    regions: regionsOf(params),
    hintCaps: { maxPhrases: Math.max(0, MAX_HINTS - params.hints.length) },
    maxSessionMs: params.max_session_ms,
    openSession: (options) => openSession(shared, options),
    recognize: (audio, options) => recognizeUtterance(shared, audio, options),
    async close() {
      await Promise.all([...open].map((session) => session.close()))
    },
  }
}
