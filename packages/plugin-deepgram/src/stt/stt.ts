import { definePlugin, MULAW_8K, type PluginContext, type SttProvider } from '@kav/core'
import { createSessionTracker, openSttSocket } from '@kav/core/kit'
import { authorization, faultsOf, regionsOf } from '../connection.ts'
import { isFlux } from '../is-flux.ts'
import { checkListening } from '../live/live-check.ts'
import { checkParams } from './check-params.ts'
import { fluxProtocol } from './flux.ts'
import { listenAddress } from './listen-address.ts'
import { novaProtocol } from './nova.ts'
import { recognizeUtterance } from './recognize.ts'
import { type SttParams, sttParams } from './stt-params.ts'

export const deepgramStt = definePlugin({
  kind: 'stt',
  name: 'deepgram-stt',
  description: 'Live recognition by Deepgram: Nova, and Flux, which judges turns; mu-law as it is.',
  params: sttParams,
  check: checkParams,
  liveCheck: checkListening,
  create: createDeepgramStt,
})

/** 500 tokens (developers.deepgram.com/docs/keyterm): the URL stays well below what proxies take. */
const HINT_CAPS = { maxPhrases: 100, maxPhraseChars: 100, maxChars: 1_500 }
/** Ten seconds without audio or this message close a session of Nova. */
const KEEP_ALIVE = { everyMs: 4_000, message: '{"type":"KeepAlive"}' }

function createDeepgramStt(params: SttParams, context: PluginContext): SttProvider {
  const flux = isFlux(params.model)
  const regions = regionsOf(params, params.fallback_regions)
  const faults = faultsOf(params, 'stt', `recognition (${params.model})`)
  const sessions = createSessionTracker()

  return {
    accepts: [
      MULAW_8K,
      { encoding: 'alaw', sampleRateHz: 8_000 },
      { encoding: 'linear16', sampleRateHz: 16_000 },
    ],
    ...(regions !== undefined && { regions }),
    detectsTurns: flux,
    hintCaps: HINT_CAPS,
    openSession: (options) =>
      sessions.open(options.signal, (signal) =>
        openSttSocket({
          socket: {
            url: listenAddress(params, options),
            headers: authorization(params),
            faults,
            clock: context.clock,
            signal,
            openLimitMs: params.open_timeout_ms,
            ...(!flux && { keepAlive: KEEP_ALIVE }),
          },
          protocol: flux ? fluxProtocol(faults) : novaProtocol(params),
          context,
          callId: options.callId,
          counter: 'deepgram_stt',
          finishLimitMs: params.finish_timeout_ms,
        }),
      ),
    recognize: (audio, options) =>
      recognizeUtterance({ params, context, faults, closed: sessions.closed }, audio, options),
    close: () => sessions.closeAll(),
  }
}
