import { definePlugin, MULAW_8K, type PluginContext, type TtsProvider, type TtsRequest } from '@kav/core'
import { createSpares, isSayable, type Spares, splitText, streamUnderSignals } from '@kav/core/kit'
import { faultsOf, keyWarnings } from '../connection.ts'
import { FORMATS } from '../formats.ts'
import { checkSpeaking } from '../live/live-check.ts'
import { INACTIVITY_S, openReplyLine, type ReplyLine } from './reply-line.ts'
import { speakOnLine } from './speak-reply.ts'
import { speakByRequest } from './speak-request.ts'
import { type TtsParams, ttsParams, voiceFor } from './tts-params.ts'

export const elevenlabsTts = definePlugin({
  kind: 'tts',
  name: 'elevenlabs-tts',
  description: 'Voices of ElevenLabs, streamed with word times; mu-law at 8 kHz.',
  params: ttsParams,
  check: checkParams,
  liveCheck: checkSpeaking,
  create: createElevenlabsTts,
})

/** Of one request, of the smallest of today's models (help.elevenlabs.io, "Error Code 400 or 401"). */
const MAX_TEXT_CHARS = 10_000
/** A spare is closed before ElevenLabs closes it. */
const SPARE_MS = (INACTIVITY_S - 30) * 1000

function createElevenlabsTts(params: TtsParams, context: PluginContext): TtsProvider {
  const { clock } = context
  const closing = new AbortController()
  /** Lines are of one voice and one format; there are as many kinds as a call has languages. */
  const linesByKind = new Map<string, Spares<ReplyLine>>()
  const faultsFor = (language: string | undefined) =>
    faultsOf(params, 'tts', `speech (${voiceFor(params, language)})`)

  function linesFor({ language, format }: Pick<TtsRequest, 'language' | 'format'>): Spares<ReplyLine> {
    const kind = `${language} ${format.encoding} ${format.sampleRateHz}`
    let lines = linesByKind.get(kind)
    if (lines === undefined) {
      const parts = { params, context, faults: faultsFor(language) }
      const asked = { format, ...(language !== undefined && { language }) }
      const open = (signal: AbortSignal) => openReplyLine(parts, asked, signal)
      lines = createSpares({ open, clock, idleMs: SPARE_MS })
      linesByKind.set(kind, lines)
    }
    return lines
  }

  async function* speak(request: TtsRequest, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    if (!isSayable(request.text)) return
    const speaking = {
      params,
      context,
      faults: faultsFor(request.language),
      signals: [signal, closing.signal],
    }
    for (const text of splitText(request.text, MAX_TEXT_CHARS)) {
      yield* speakByRequest(speaking, request, text)
      if (signal.aborted) return
    }
  }

  async function* speakReply(
    clauses: AsyncIterable<string>,
    request: TtsRequest,
    stop: AbortSignal,
  ): AsyncGenerator<Uint8Array, void> {
    const lines = linesFor(request)
    const line = await lines.take(stop)
    if (line === undefined) return
    // A line speaks one reply: the next one has its own, up before it is needed.
    void lines.warm()
    const { doing } = faultsFor(request.language)
    try {
      yield* speakOnLine({ line, params, clock, doing }, clauses, request, stop)
    } finally {
      void line.close()
    }
  }

  return {
    produces: FORMATS,
    voiceKey: voiceKeyOf(params),
    speak,
    ...(streams(params) && {
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

/** `eleven_v3` is refused by sockets (elevenlabs.io/docs/api-reference/websocket). */
function streams({ streaming, model }: TtsParams): boolean {
  return streaming && !model.startsWith('eleven_v3')
}

function checkParams(params: TtsParams) {
  const warnings = keyWarnings(params)
  if (params.streaming && !streams(params))
    warnings.push({
      path: ['streaming'],
      message: `${params.model} streams no replies: each sentence is a request`,
    })
  return warnings
}

/** Everything that changes how a text sounds, and nothing that lets anybody in. */
function voiceKeyOf(params: TtsParams): string {
  const { voice, voices, model, language, stability, similarity_boost, style, speed, base_url, query } =
    params
  return `elevenlabs/${JSON.stringify([voice, voices, model, language, stability, similarity_boost, style, speed, base_url, query])}`
}
