// @ts-check
import { Type } from '@kav/core'
import { defaulted } from '@kav/core/kit'

/** What an operator may write. Every default and every limit stands here and nowhere else. */
export const params = Type.Object(
  {
    url: Type.String({
      pattern: '^https?://',
      description: 'Where the opening hours are, `https://shop.example.com/hours`',
    }),
    api_key: Type.String({
      minLength: 1,
      description: 'Key of the service; write `${ACME_TOOL_API_KEY}`, never the key itself',
    }),
    timeout_ms: defaulted(
      Type.Integer({
        default: 5000,
        minimum: 100,
        maximum: 60_000,
        description: 'The longest wait for the answer, in milliseconds',
      }),
    ),
  },
  { additionalProperties: false },
)
