// @ts-check
import { Type } from '@kav/core'
import { defaulted } from '@kav/core/kit'

/** What an operator may write. Every default and every limit stands here and nowhere else. */
export const params = Type.Object(
  {
    url: Type.String({
      pattern: '^wss?://',
      description: 'Where the service listens, `wss://speech.example.com/listen`',
    }),
    api_key: Type.String({
      minLength: 1,
      description: 'Key of the service; write `${ACME_STT_API_KEY}`, never the key itself',
    }),
    language: defaulted(
      Type.String({ default: 'en-US', description: 'What is spoken, unless the call says otherwise' }),
    ),
    open_timeout_ms: defaulted(
      Type.Integer({
        default: 5000,
        minimum: 100,
        maximum: 60_000,
        description: 'The longest that opening a session may take, in milliseconds',
      }),
    ),
  },
  { additionalProperties: false },
)
