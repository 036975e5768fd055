import { createHash } from 'node:crypto'
import { MULAW_8K, type PluginContext, type TtsProvider } from '@kav/core'
import { createCredentials } from './credentials.ts'
import { createLinePool } from './line-pool.ts'
import { resolveParams, type AzureTtsParams, type ResolvedParams } from './params.ts'
import { speakSentence } from './speak.ts'
import { loadSpeechSdk } from '@kav/azure-speech'
import { openVoiceLine, type VoiceLine } from './voice-line.ts'

/** Makes the voice. */
export function createProvider(given: AzureTtsParams, context: PluginContext): TtsProvider {
  const params = resolveParams(given)
  const credentials = createCredentials(params, context.baseDir)
  // Loading takes an eighth of a second: it is done by the time of the first call.
  loadSpeechSdk().catch(() => undefined)

  async function open(onLost: (line: VoiceLine) => void): Promise<VoiceLine> {
    const [sdk, credential] = await Promise.all([loadSpeechSdk(), credentials.get()])
    const line: VoiceLine = openVoiceLine({
      sdk,
      params,
      credential,
      secrets: () => credentials.secrets,
      clock: context.clock,
      metrics: context.metrics,
      onLost: () => onLost(line),
    })
    return line
  }

  const pool = createLinePool({
    open,
    spares: params.spares,
    maxLines: params.max_connections,
    idleCloseMs: params.idle_close_ms,
    clock: context.clock,
    metrics: context.metrics,
  })
  const shared = { params, context, pool }
  return {
    produces: [MULAW_8K],
    voiceKey: voiceKey(params),
    normalises: true,
    speak: (request, signal) => speakSentence(shared, request, signal),
    warm: (callId) => pool.warm(callId),
    close: () => pool.close(),
  }
}

/** Everything that the sound of a sentence depends on. */
function voiceKey(params: ResolvedParams): string {
  const { voice, voices, style, style_degree, rate, pitch, endpoint_id } = params
  const { leading_silence_ms, trailing_silence_ms } = params
  const sound = JSON.stringify([
    [voice, voices, style, style_degree, rate, pitch, endpoint_id],
    [leading_silence_ms, trailing_silence_ms],
  ])
  return `azure:${voice}:${createHash('sha256').update(sound).digest('hex').slice(0, 16)}`
}
