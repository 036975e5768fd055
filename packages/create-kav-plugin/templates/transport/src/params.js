// @ts-check
import { Type } from '@kav/core'

/** What an operator may write. Every default and every limit stands here and nowhere else. */
export const params = Type.Object(
  {
    token: Type.String({
      minLength: 8,
      description: 'What callers show to be let in; write `${ACME_TRANSPORT_TOKEN}`, never the token itself',
    }),
  },
  { additionalProperties: false },
)
