import { type Static, Type } from '@sinclair/typebox'
import { connectionParams } from '../connection.ts'
import { defaulted } from '@kav/core/kit'
import { hearingParams, serverVadParams } from './turn-detection-params.ts'

export const realtimeParams = Type.Object(
  {
    ...connectionParams,
    model: defaulted(
      Type.String({ minLength: 1, default: 'gpt-realtime', description: 'Speech-to-speech model.' }),
    ),
    voice: defaulted(
      Type.String({
        minLength: 1,
        default: 'marin',
        description: 'alloy, ash, ballad, cedar, coral, echo, marin, sage, shimmer, verse.',
      }),
    ),
    speed: Type.Optional(Type.Number({ minimum: 0.25, maximum: 1.5, description: 'Left out: 1.' })),
    max_output_tokens: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 4_096, description: 'Upper limit of one answer, audio included.' }),
    ),
    reasoning_effort: Type.Optional(
      Type.Union(
        ['minimal', 'low', 'medium', 'high', 'xhigh'].map((one) => Type.Literal(one)),
        { description: 'For models that think before they speak.' },
      ),
    ),
    transcription_model: defaulted(
      Type.String({
        minLength: 1,
        default: 'gpt-4o-mini-transcribe',
        description:
          'Writes down what the caller says; the conversation is put back from it after a reconnect.',
      }),
    ),
    language: Type.Optional(Type.String({ description: 'Language of the transcripts, `he-IL` or `he`.' })),
    turn_detection: defaulted(
      Type.Union(
        ['server_vad', 'semantic_vad', 'none'].map((one) => Type.Literal(one)),
        {
          default: 'server_vad',
          description:
            'Who finds the end of the caller’s turn. `none`: the pipeline’s own VAD and turn rules.',
        },
      ),
    ),
    ...serverVadParams,
    silence_ms: defaulted(
      Type.Integer({
        minimum: 100,
        maximum: 10_000,
        default: 500,
        description: 'Pause that ends the caller’s turn (`server_vad`).',
      }),
    ),
    ...hearingParams,
    max_session_ms: defaulted(
      Type.Integer({
        minimum: 60_000,
        maximum: 86_400_000,
        default: 3_300_000,
        description: 'Life of one connection; the session moves on in the first quiet moment after it.',
      }),
    ),
    history_tokens: defaulted(
      Type.Integer({
        minimum: 256,
        maximum: 1_000_000,
        default: 8_000,
        description: 'Budget of the conversation put back after a reconnect, estimated.',
      }),
    ),
  },
  { additionalProperties: false },
)

export type RealtimeParams = Static<typeof realtimeParams>
