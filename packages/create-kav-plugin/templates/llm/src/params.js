// @ts-check
import { Type } from '@kav/core'
import { defaulted } from '@kav/core/kit'

/** What an operator may write. Every default and every limit stands here and nowhere else. */
export const params = Type.Object(
  {
    url: Type.String({
      pattern: '^https?://',
      description: 'Where the service takes conversations, `https://llm.example.com/reply`',
    }),
    api_key: Type.String({
      minLength: 1,
      description: 'Key of the service; write `${ACME_LLM_API_KEY}`, never the key itself',
    }),
    model: defaulted(Type.String({ default: 'fast', description: 'Name of the model' })),
    first_token_timeout_ms: defaulted(
      Type.Integer({
        default: 10_000,
        minimum: 100,
        maximum: 120_000,
        description: 'The longest wait for the first word of an answer, in milliseconds',
      }),
    ),
    idle_timeout_ms: defaulted(
      Type.Integer({
        default: 10_000,
        minimum: 100,
        maximum: 120_000,
        description: 'The longest silence in the middle of an answer, in milliseconds',
      }),
    ),
  },
  { additionalProperties: false },
)
