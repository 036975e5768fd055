import { type Static, Type } from '@sinclair/typebox'
import { connectionParams } from '../connection.ts'
import { defaulted } from '@kav/core/kit'

export const ttsParams = Type.Object(
  {
    ...connectionParams,
    model: defaulted(Type.String({ minLength: 1, default: 'gpt-4o-mini-tts', description: 'Speech model.' })),
    voice: defaulted(
      Type.String({
        minLength: 1,
        default: 'marin',
        description:
          'alloy, ash, ballad, cedar, coral, echo, fable, marin, nova, onyx, sage, shimmer, verse, or the server’s own.',
      }),
    ),
    instructions: Type.Optional(
      Type.String({ description: 'How to speak: mood, pace, accent. tts-1 and tts-1-hd ignore it.' }),
    ),
    speed: Type.Optional(Type.Number({ minimum: 0.25, maximum: 4, description: 'Left out: 1.' })),
    response_format: defaulted(
      Type.Union(
        ['pcm', 'wav', 'mulaw', 'ulaw', 'alaw'].map((format) => Type.Literal(format)),
        {
          default: 'pcm',
          description:
            'Sent as it is. OpenAI has pcm and wav; the mu-law and A-law names are for other servers.',
        },
      ),
    ),
    sample_rate_hz: defaulted(
      Type.Integer({
        minimum: 8_000,
        maximum: 48_000,
        default: 24_000,
        description: 'Rate of the audio the server answers with; 24000 at OpenAI, whatever is asked for.',
      }),
    ),
    max_input_chars: defaulted(
      Type.Integer({
        minimum: 100,
        maximum: 100_000,
        default: 4_096,
        description: 'Longest text of one request; longer ones are split between sentences.',
      }),
    ),
    first_audio_timeout_ms: defaulted(
      Type.Integer({
        minimum: 100,
        maximum: 120_000,
        default: 5_000,
        description: 'From the request to the first audio.',
      }),
    ),
    idle_timeout_ms: defaulted(
      Type.Integer({
        minimum: 100,
        maximum: 120_000,
        default: 5_000,
        description: 'Longest gap within the audio.',
      }),
    ),
    extra_body: defaulted(
      Type.Record(Type.String(), Type.Unknown(), {
        default: {},
        description: 'Fields added to the request body as they are (`lang_code`, `stream`, …).',
      }),
    ),
  },
  { additionalProperties: false },
)

export type TtsParams = Static<typeof ttsParams>
