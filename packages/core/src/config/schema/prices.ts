import { Type } from '@sinclair/typebox'
import { CLOSED } from './field.ts'

// Nothing is filled in below a key that the file chooses: what is left out costs nothing.
const amount = (description: string) =>
  Type.Optional(Type.Number({ description, minimum: 0, maximum: 1_000_000 }))

const PriceSchema = Type.Object(
  {
    currency: Type.Optional(
      Type.String({
        description: 'Three letters as in ISO 4217, the same for all; absent: USD.',
        pattern: '^[A-Z]{3}$',
      }),
    ),
    per_1k_input_tokens: amount('For 1,000 tokens that a model reads.'),
    per_1k_cached_input_tokens: amount('For those of them that it has in its cache; absent: as the others.'),
    per_1k_output_tokens: amount('For 1,000 tokens that a model writes.'),
    per_minute_audio: amount('For a minute that a recogniser hears.'),
    per_1k_characters: amount('For 1,000 characters that a voice speaks.'),
    per_minute_call: amount('For a minute of the call, as a carrier asks.'),
  },
  { ...CLOSED, description: 'What one provider asks.' },
)

/** Keys are names of plugins, packages or models. */
export const PricesSchema = Type.Record(Type.String({ pattern: '^.{1,200}$' }), PriceSchema, {
  description:
    'What providers ask, by the name of a plugin (`google-stt`), of its package or of a model: the record of each call then says what it cost.',
  additionalProperties: false,
  default: {},
})

export const DEFAULT_CURRENCY = 'USD'
