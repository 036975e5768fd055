import type { SttSessionOptions } from '@kav/core'
import type { RealtimeTranscriptionSessionCreateRequest } from 'openai/resources/realtime/realtime'
import { realtimeFormat } from '../append-audio.ts'
import { languageCode } from '../language-code.ts'
import type { SttParams } from './stt-params.ts'

/** Models that write while they hear; they take no turn detection and no prompt. */
export function isLiveModel(model: string): boolean {
  return /realtime-whisper|live-transcribe/.test(model)
}

/** Who cuts segments, with `auto` resolved. */
export function turnDetectionOf(params: SttParams): 'server_vad' | 'semantic_vad' | 'none' {
  const { turn_detection: chosen } = params
  if (chosen === 'server_vad' || chosen === 'semantic_vad' || chosen === 'none') return chosen
  return isLiveModel(params.model) ? 'none' : 'server_vad'
}

/** Models read only the beginning of a long prompt, and pay less heed to each word of it. */
const MAX_HINT_CHARS = 1_000

/** What guides the model: the operator's own words, then as many of the expected phrases as it will heed. */
export function promptOf(params: SttParams, hints: readonly string[]): string | undefined {
  const fitting: string[] = []
  let chars = 0
  for (const hint of hints) {
    chars += hint.length + 2
    if (chars > MAX_HINT_CHARS) break
    fitting.push(hint)
  }
  const expected = fitting.length > 0 ? `Expect: ${fitting.join(', ')}.` : ''
  return [params.prompt, expected].filter(Boolean).join(' ') || undefined
}

/** The `session.update` that makes a connection a transcription session. */
export function sessionUpdate(params: SttParams, options: SttSessionOptions): string {
  const language = languageCode(options.language ?? params.language)
  const prompt = isLiveModel(params.model) ? undefined : promptOf(params, options.hints)
  const session = {
    type: 'transcription',
    audio: {
      input: {
        format: realtimeFormat(options.format),
        noise_reduction: params.noise_reduction === 'off' ? null : { type: params.noise_reduction },
        transcription: {
          model: params.model,
          ...(language === undefined ? {} : { language }),
          ...(prompt === undefined ? {} : { prompt }),
          ...(params.delay === undefined ? {} : { delay: params.delay }),
        },
        turn_detection: turnDetection(params),
      },
    },
    ...(params.confidence ? { include: ['item.input_audio_transcription.logprobs'] } : {}),
  } as RealtimeTranscriptionSessionCreateRequest
  return JSON.stringify({ type: 'session.update', session })
}

function turnDetection(params: SttParams) {
  switch (turnDetectionOf(params)) {
    case 'server_vad':
      return {
        type: 'server_vad',
        threshold: params.vad_threshold,
        prefix_padding_ms: params.prefix_padding_ms,
        silence_duration_ms: params.silence_ms,
      }
    case 'semantic_vad':
      return { type: 'semantic_vad', eagerness: params.eagerness }
    case 'none':
      return null
  }
}
