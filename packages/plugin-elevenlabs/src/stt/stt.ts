import { definePlugin, type PluginContext, type SttProvider, type SttSessionOptions } from '@kav/core'
import { addressOf, createSessionTracker, openSttSocket } from '@kav/core/kit'
import { authorization, faultsOf, keyWarnings, originOf } from '../connection.ts'
import { FORMATS, formatNameOf, languageCodeOf } from '../formats.ts'
import { checkListening } from '../live/live-check.ts'
import { recognizeUtterance } from './recognize.ts'
import { scribeProtocol } from './scribe.ts'
import { type SttParams, sttParams } from './stt-params.ts'

export const elevenlabsStt = definePlugin({
  kind: 'stt',
  name: 'elevenlabs-stt',
  description: 'Live recognition by ElevenLabs Scribe; mu-law as it is.',
  params: sttParams,
  check: keyWarnings,
  liveCheck: checkListening,
  create: createElevenlabsStt,
})

/** Of elevenlabs-js, `wrapper/realtime/scribe.ts`: at most 50 key terms of 20 characters. */
const HINT_CAPS = { maxPhrases: 50, maxPhraseChars: 20 }

function createElevenlabsStt(params: SttParams, context: PluginContext): SttProvider {
  const faults = faultsOf(params, 'stt', `recognition (${params.model})`)
  const sessions = createSessionTracker()

  return {
    accepts: FORMATS,
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
          },
          protocol: scribeProtocol(faults, options.format.sampleRateHz),
          context,
          callId: options.callId,
          counter: 'elevenlabs_stt',
          finishLimitMs: params.finish_timeout_ms,
        }),
      ),
    recognize: (audio, options) =>
      recognizeUtterance({ params, context, faults, closed: sessions.closed }, audio, options),
    close: () => sessions.closeAll(),
  }
}

function listenAddress(params: SttParams, options: SttSessionOptions): URL {
  return addressOf(originOf(params).replace(/^http/, 'ws'), '/v1/speech-to-text/realtime', {
    model_id: params.model,
    audio_format: formatNameOf(options.format),
    language_code: languageCodeOf(options.language ?? params.language),
    commit_strategy: 'vad',
    vad_silence_threshold_secs: params.silence_ms / 1000,
    vad_threshold: params.vad_threshold,
    no_verbatim: params.no_verbatim,
    keyterms: options.hints,
    ...params.query,
  })
}
