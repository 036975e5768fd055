import { type Static, Type } from '@kav/core'
import { defaulted } from '@kav/core/kit'
import { connectionParams } from '../connection.ts'

const timeout = (description: string, ms: number) =>
  defaulted(Type.Integer({ minimum: 100, maximum: 60_000, default: ms, description }))

/** What the operator writes under `stt.params`; ranges are those of elevenlabs-js, `wrapper/realtime/scribe.ts`. */
export const sttParams = Type.Object(
  {
    ...connectionParams,
    model: defaulted(
      Type.String({ minLength: 1, default: 'scribe_v2_realtime', description: 'Model of live sessions.' }),
    ),
    recognize_model: defaulted(
      Type.String({
        minLength: 1,
        default: 'scribe_v2',
        description: 'Model of single requests, when no session opens.',
      }),
    ),
    language: defaulted(
      Type.String({
        default: '',
        description: 'Spoken language, `he-IL` or `he`. Empty: found out by the model.',
      }),
    ),
    silence_ms: defaulted(
      Type.Integer({
        minimum: 310,
        maximum: 3_000,
        default: 500,
        description: 'Pause that closes a segment. The turn itself is the core’s to end.',
      }),
    ),
    vad_threshold: Type.Optional(
      Type.Number({
        minimum: 0.1,
        maximum: 0.9,
        description: 'How sure its voice detector must be. Left out: 0.4.',
      }),
    ),
    no_verbatim: defaulted(
      Type.Boolean({ default: false, description: 'Leaves out fillers and false starts.' }),
    ),
    open_timeout_ms: timeout('Longest wait for a session.', 3_000),
    finish_timeout_ms: timeout('Longest wait for the last words after the audio ended.', 3_000),
    recognize_timeout_ms: timeout('Longest wait for a single request.', 15_000),
  },
  { additionalProperties: false },
)

export type SttParams = Static<typeof sttParams>
