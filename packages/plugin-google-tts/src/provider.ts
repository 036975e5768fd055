import { setImmediate as nextTurn } from 'node:timers/promises'
import { MULAW_8K, type AudioFormat, type PluginContext, type TtsProvider, type TtsRequest } from '@kav/core'
import { createConnectionPool, createSdkConnection } from '@kav/google-cloud'
import { clientSettings } from './client-options.ts'
import { resolveParams, type GoogleTtsParams } from './params.ts'
import { speakClauses } from './speak-reply.ts'
import { loadTtsSdk } from './tts-client.ts'
import { shouldStream, voiceFor } from './voice.ts'

const linear16 = (sampleRateHz: number): AudioFormat => Object.freeze({ encoding: 'linear16', sampleRateHz })
const PRODUCES: readonly AudioFormat[] = [
  MULAW_8K,
  Object.freeze({ encoding: 'alaw', sampleRateHz: 8000 }),
  linear16(8000),
  linear16(16_000),
  linear16(24_000),
]
const WARM_MS = 3000

/** Makes the voice. Throws `bad-request` for params no request could be made from. */
export function createProvider(given: GoogleTtsParams, context: PluginContext): TtsProvider {
  const params = resolveParams(given)
  const settings = clientSettings(params, context.baseDir)
  // Loading takes a while: it is done by the time of the first call.
  const sdk = loadTtsSdk()
  sdk.catch(() => undefined)
  const pool = createConnectionPool({
    open: () => createSdkConnection(sdk.then((loaded) => loaded.createClient(params, settings))),
    gauge: 'google_tts_connections',
    maxStreams: params.max_streams_per_connection,
    clock: context.clock,
    metrics: context.metrics,
  })
  const speaking = new Set<AbortController>()

  /** Speech that ends with its own signal or with the provider. */
  async function* speak(
    clauses: AsyncIterable<string>,
    request: TtsRequest,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const voice = voiceFor(params, request.language)
    const abort = new AbortController()
    const onAbort = (): void => {
      abort.abort()
    }
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    speaking.add(abort)
    try {
      const chunks = speakClauses(clauses, shouldStream(params, voice), {
        params,
        context,
        pool,
        voice,
        format: request.format,
        signal: abort.signal,
        callId: request.callId,
      })
      for await (const chunk of chunks) {
        // One that had come already.
        if (abort.signal.aborted) return
        yield chunk
      }
    } finally {
      speaking.delete(abort)
      signal.removeEventListener('abort', onAbort)
    }
  }

  return {
    produces: PRODUCES,
    voiceKey: JSON.stringify([
      'google',
      params.region,
      params.language,
      params.voice,
      params.voices,
      params.model,
      params.input,
      params.speaking_rate,
      params.pitch,
      params.volume_gain_db,
      params.effects_profile,
    ]),
    normalises: true,
    speak: (request, signal) => speak(only(request.text), request, signal),
    ...(shouldStream(params, voiceFor(params, undefined)) && { speakReply: speak }),
    warm: () =>
      pool
        .ahead(params.region)
        .up(WARM_MS)
        .catch(() => undefined),
    async close() {
      for (const abort of speaking) abort.abort()
      // Streams cancelled in this turn of the event loop must be gone before their connections are closed.
      await nextTurn()
      pool.close()
    },
  }
}

async function* only(text: string): AsyncGenerator<string> {
  yield text
}
