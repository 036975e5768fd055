import { type Static, Type } from '@kav/core'
import { defaulted } from '@kav/core/kit'
import { connectionParams, regionSchema } from '../connection.ts'

const timeout = (description: string, ms: number) =>
  defaulted(Type.Integer({ minimum: 100, maximum: 60_000, default: ms, description }))

/** What the operator writes under `stt.params`. Names and ranges are Deepgram's (asyncapi.yml of deepgram-api-specs). */
export const sttParams = Type.Object(
  {
    ...connectionParams,
    fallback_regions: defaulted(
      Type.Array(regionSchema, {
        default: [],
        description: 'Tried in this order when `region` does not take the call.',
      }),
    ),
    model: defaulted(
      Type.String({
        minLength: 1,
        default: 'nova-3',
        description:
          '`nova-3`, `nova-2-phonecall`, … ; `flux-general-en` and `flux-general-multi` judge turns too (`turns.by: stt`).',
      }),
    ),
    language: defaulted(
      Type.String({
        default: '',
        description:
          'Spoken language, `en-US` or `he`; `multi` for several. Empty: Deepgram’s default, English.',
      }),
    ),
    recognize_model: defaulted(
      Type.String({
        minLength: 1,
        default: 'nova-3',
        description: 'Model of single requests, when no session opens; Flux has none.',
      }),
    ),
    smart_format: defaulted(
      Type.Boolean({ default: true, description: 'Dates, money and numbers as they are written. Not Flux.' }),
    ),
    numerals: defaulted(Type.Boolean({ default: false, description: 'Numbers as digits.' })),
    profanity_filter: defaulted(Type.Boolean({ default: false, description: 'Leaves out swear words.' })),
    endpointing_ms: defaulted(
      Type.Integer({
        minimum: 10,
        maximum: 5_000,
        default: 300,
        description: 'Pause that closes a segment (Nova). The turn itself is the core’s to end.',
      }),
    ),
    utterance_end_ms: defaulted(
      Type.Integer({
        minimum: 1_000,
        maximum: 5_000,
        default: 1_000,
        description: 'Gap between words that counts as the end of speech where noise hides the pause (Nova).',
      }),
    ),
    finalize_after_ms: defaulted(
      Type.Integer({
        minimum: 0,
        maximum: 10_000,
        default: 0,
        description:
          'Words that stood unchanged for so much audio are asked to be made final (Nova). 0: never.',
      }),
    ),
    eot_threshold: defaulted(
      Type.Number({
        minimum: 0.5,
        maximum: 1,
        default: 0.7,
        description: 'Confidence at which a turn is over (Flux).',
      }),
    ),
    eager_eot_threshold: Type.Optional(
      Type.Number({
        minimum: 0.3,
        maximum: 0.9,
        description:
          'Confidence at which an answer may be prepared (Flux). Left out: only when the turn is over.',
      }),
    ),
    eot_timeout_ms: defaulted(
      Type.Integer({
        minimum: 500,
        maximum: 60_000,
        default: 5_000,
        description: 'Silence after which a turn is over whatever the confidence (Flux).',
      }),
    ),
    open_timeout_ms: timeout('Longest wait for a session.', 3_000),
    finish_timeout_ms: timeout('Longest wait for the last words after the audio ended.', 5_000),
    recognize_timeout_ms: timeout('Longest wait for a single request.', 10_000),
  },
  { additionalProperties: false },
)

export type SttParams = Static<typeof sttParams>
