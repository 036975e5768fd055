import { definePlugin, MULAW_8K, type PluginContext, type TtsProvider, type TtsRequest } from '@kav/core'
import { createSpares, type Spares, streamUnderSignals } from '@kav/core/kit'
import { faultsOf, keyWarnings } from '../connection.ts'
import { checkSpeaking } from '../live/live-check.ts'
import { openSpeakLine, type SpeakLine } from './speak-line.ts'
import { speakOnLine } from './speak-reply.ts'
import { speakByRequest } from './speak-request.ts'
import { type TtsParams, ttsParams, voiceFor } from './tts-params.ts'

export const deepgramTts = definePlugin({
  kind: 'tts',
  name: 'deepgram-tts',
  description: 'Aura voices of Deepgram, streamed; mu-law at 8 kHz without a header.',
  params: ttsParams,
  check: keyWarnings,
  liveCheck: checkSpeaking,
  create: createDeepgramTts,
})

function createDeepgramTts(params: TtsParams, context: PluginContext): TtsProvider {
  const { clock, metrics } = context
  const closing = new AbortController()
  /** Lines are of one voice and one format; there are as many kinds as a call has languages. */
  const linesByKind = new Map<string, Spares<SpeakLine>>()
  const faultsFor = (voice: string) => faultsOf(params, 'tts', `speech (${voice})`)

  function linesFor({ language, format }: Pick<TtsRequest, 'language' | 'format'>): Spares<SpeakLine> {
    const voice = voiceFor(params, language)
    const kind = `${voice} ${format.encoding} ${format.sampleRateHz}`
    let lines = linesByKind.get(kind)
    if (lines === undefined) {
      const parts = { params, voice, format, faults: faultsFor(voice), clock, metrics }
      const open = (signal: AbortSignal) => openSpeakLine(parts, signal)
      lines = createSpares({ open, clock, idleMs: params.idle_close_ms })
      linesByKind.set(kind, lines)
    }
    return lines
  }

  async function* speakReply(
    clauses: AsyncIterable<string>,
    request: TtsRequest,
    stop: AbortSignal,
  ): AsyncGenerator<Uint8Array, void> {
    const lines = linesFor(request)
    const line = await lines.take(stop)
    if (line === undefined) return
    const { doing } = faultsFor(voiceFor(params, request.language))
    let whole = false
    try {
      yield* speakOnLine({ line, params, clock, doing }, clauses, stop)
      whole = !stop.aborted
    } finally {
      if (whole) {
        line.rest()
        lines.give(line)
        // One that has spoken enough for this minute was closed.
        void lines.warm()
      } else void forget(line, lines)
    }
  }

  /** A reply was interrupted: its line forgets it, and another one is up before the next reply. */
  async function forget(line: SpeakLine, lines: Spares<SpeakLine>): Promise<void> {
    if (closing.signal.aborted) return line.close()
    metrics.count('deepgram_tts_cleared_total')
    void lines.warm()
    await line.clear()
    lines.give(line)
  }

  return {
    produces: [
      MULAW_8K,
      { encoding: 'alaw', sampleRateHz: 8_000 },
      { encoding: 'linear16', sampleRateHz: 24_000 },
    ],
    voiceKey: voiceKeyOf(params),
    speak: (request, signal) =>
      speakByRequest({ params, clock, faultsFor, signals: [signal, closing.signal] }, request),
    ...(params.streaming && {
      speakReply: (clauses: AsyncIterable<string>, request: TtsRequest, signal: AbortSignal) =>
        streamUnderSignals([signal, closing.signal], (stop) => speakReply(clauses, request, stop)),
      warm: () => linesFor({ format: MULAW_8K }).warm(),
    }),
    async close() {
      closing.abort()
      await Promise.all([...linesByKind.values()].map((lines) => lines.close()))
    },
  }
}

/** Everything that changes how a text sounds, and nothing that lets anybody in. */
function voiceKeyOf({ voice, voices, speed, base_url, query }: TtsParams): string {
  return `deepgram/${JSON.stringify([voice, voices, speed, base_url, query])}`
}
