import type { RealtimeSessionCreateRequest } from 'openai/resources/realtime/realtime'
import { languageCode } from '../language-code.ts'
import { realtimeFormat } from '../append-audio.ts'
import type { RealtimeSessionOptions } from '@kav/core'
import type { RealtimeParams } from './realtime-params.ts'

/** The `session.update` of a speech-to-speech connection; audio is the call's own format both ways. */
export function speechSessionUpdate(params: RealtimeParams, options: RealtimeSessionOptions): string {
  const language = languageCode(options.language ?? params.language)
  const format = realtimeFormat(options.format)
  const prompt = options.hints.length > 0 ? `Expect: ${options.hints.join(', ')}.` : undefined
  const session = {
    type: 'realtime',
    model: params.model,
    output_modalities: ['audio'],
    instructions: options.instructions,
    audio: {
      input: {
        format,
        noise_reduction: params.noise_reduction === 'off' ? null : { type: params.noise_reduction },
        transcription: {
          model: params.transcription_model,
          ...(language === undefined ? {} : { language }),
          ...(prompt === undefined ? {} : { prompt }),
        },
        turn_detection: turnDetection(params),
      },
      output: {
        format,
        voice: params.voice,
        ...(params.speed === undefined ? {} : { speed: params.speed }),
      },
    },
    tools: options.tools.map(({ name, description, parameters }) => ({
      type: 'function',
      name,
      description,
      parameters,
    })),
    tool_choice: 'auto',
    ...(params.max_output_tokens === undefined ? {} : { max_output_tokens: params.max_output_tokens }),
    ...(params.reasoning_effort === undefined ? {} : { reasoning: { effort: params.reasoning_effort } }),
  } as unknown as RealtimeSessionCreateRequest
  return JSON.stringify({ type: 'session.update', session })
}

/** The server answers at the end of a turn and falls silent when the caller speaks; the core truncates. */
function turnDetection(params: RealtimeParams) {
  const answers = { create_response: true, interrupt_response: true }
  switch (params.turn_detection) {
    case 'semantic_vad':
      return { type: 'semantic_vad', eagerness: params.eagerness, ...answers }
    case 'none':
      return null
    default:
      return {
        type: 'server_vad',
        threshold: params.vad_threshold,
        prefix_padding_ms: params.prefix_padding_ms,
        silence_duration_ms: params.silence_ms,
        ...answers,
      }
  }
}
