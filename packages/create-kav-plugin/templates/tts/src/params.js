// @ts-check
import { Type } from '@kav/core'
import { defaulted } from '@kav/core/kit'

/** What an operator may write. Every default and every limit stands here and nowhere else. */
export const params = Type.Object(
  {
    url: Type.String({
      pattern: '^https?://',
      description: 'Where the service takes text, `https://voice.example.com/speak`',
    }),
    api_key: Type.String({
      minLength: 1,
      description: 'Key of the service; write `${ACME_TTS_API_KEY}`, never the key itself',
    }),
    voice: defaulted(Type.String({ default: 'anna', description: 'Name of the voice' })),
    first_audio_timeout_ms: defaulted(
      Type.Integer({
        default: 5000,
        minimum: 100,
        maximum: 60_000,
        description: 'The longest wait for the first audio of a clause, in milliseconds',
      }),
    ),
    idle_timeout_ms: defaulted(
      Type.Integer({
        default: 5000,
        minimum: 100,
        maximum: 60_000,
        description: 'The longest silence in the middle of an answer, in milliseconds',
      }),
    ),
  },
  { additionalProperties: false },
)
