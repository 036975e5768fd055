import { type Static, Type } from '@sinclair/typebox'
import { CLOSED } from './field.ts'

const RedactFieldsSchema = Type.Object(
  {
    cards: Type.Boolean({
      description:
        'Card numbers: 13 to 19 digits with the check of cards, written, in words, and over several sentences; with them what is said right behind.',
      default: true,
    }),
    dtmf: Type.Boolean({
      description: 'Keys that `conversation.dtmf.private` marks, and their tones.',
      default: true,
    }),
    phones: Type.Boolean({ description: 'Phone numbers that are said.', default: false }),
    emails: Type.Boolean({ description: 'E-mail addresses, also as they are said.', default: false }),
    national_ids: Type.Boolean({
      description: 'Social security numbers (US), identity numbers (Israel), IBANs.',
      default: false,
    }),
    words: Type.Record(
      Type.String({ pattern: '^[a-z][a-z_-]{0,30}$' }),
      Type.String({ minLength: 1, maxLength: 1000 }),
      {
        description:
          'Patterns of your own (RE2, small and capital letters alike) by the word that stands in place of what fits: `{ policy: "POL-[0-9]{6}" }`.',
        additionalProperties: false,
        default: {},
      },
    ),
  },
  CLOSED,
)

/** `off`, or what is taken out. Without the section cards and secret keys are. */
export const RedactSchema = Type.Union([Type.Literal('off'), RedactFieldsSchema], {
  description:
    'What is taken out of texts and recordings before anything is logged, kept or shown. The llm and the tools get everything. off: nothing is.',
  default: {},
})

export const RedactFields = RedactFieldsSchema
export type RedactConfig = Static<typeof RedactSchema>
