import { setImmediate as nextTurn } from 'node:timers/promises'
import { MULAW_8K, type AudioFormat, type PluginContext, type SttProvider, ProviderError } from '@kav/core'
import { createConnectionPool } from '@kav/google-cloud'
import { clientSettings } from './client-options.ts'
import { createConnection } from './connection.ts'
import { openGoogleSession } from './open-session.ts'
import { regionsOf, resolveParams, type GoogleSttParams } from './params.ts'
import { HINT_CAPS } from './requests.ts'
import { recognizeUtterance } from './recognize.ts'
import { loadSpeechSdk } from './speech-client.ts'
import { V2_ONLY_MODEL } from './streaming-table.ts'

const LINEAR16_16K: AudioFormat = Object.freeze({ encoding: 'linear16', sampleRateHz: 16_000 })
const LINEAR16_8K: AudioFormat = Object.freeze({ encoding: 'linear16', sampleRateHz: 8000 })
const ALAW_8K: AudioFormat = Object.freeze({ encoding: 'alaw', sampleRateHz: 8000 })

/** With streams on it and nothing heard for this long, a connection gets no new stream: it may be half-open. */
const QUIET_MS = 4000

/** Makes the recogniser. Throws `bad-request` for params no request could be made from. */
export function createProvider(given: GoogleSttParams, context: PluginContext): SttProvider {
  const params = resolveParams(given)
  if (params.api === 'v1' && V2_ONLY_MODEL.test(params.model)) {
    throw new ProviderError(
      'bad-request',
      `stt.params.model: "${params.model}" exists in api v2 only: set api: v2, or use latest_long`,
    )
  }
  const regions = regionsOf(params)
  const settings = new Map(regions.map((region) => [region, clientSettings(params, region, context.baseDir)]))
  // Loading takes a third of a second: it is done by the time of the first call.
  const sdk = loadSpeechSdk()
  sdk.catch(() => undefined)

  const pool = createConnectionPool({
    open: (region) =>
      createConnection({
        sdk,
        params,
        settings: settings.get(region) ?? clientSettings(params, region, context.baseDir),
        region,
      }),
    gauge: 'google_stt_connections',
    quietMs: QUIET_MS,
    maxStreams: params.max_streams_per_connection,
    clock: context.clock,
    metrics: context.metrics,
  })
  const shared = { params, context, pool }
  return {
    accepts:
      params.api === 'v2'
        ? [MULAW_8K, LINEAR16_16K, LINEAR16_8K, ALAW_8K]
        : [MULAW_8K, LINEAR16_16K, LINEAR16_8K],
    regions,
    ...(params.interim ? {} : { partials: false }),
    hintCaps: HINT_CAPS,
    maxSessionMs: params.max_session_ms,
    openSession: (options) => openGoogleSession(shared, options),
    recognize: (audio, options) => recognizeUtterance(shared, audio, options),
    async close() {
      // Streams cancelled in this turn of the event loop must be gone before their connections are closed.
      await nextTurn()
      pool.close()
    },
  }
}
