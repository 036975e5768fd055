import { type Static, Type } from '@kav/core'
import { defaulted } from '@kav/core/kit'
import { connectionParams } from '../connection.ts'

const timeout = (description: string, ms: number) =>
  defaulted(Type.Integer({ minimum: 100, maximum: 60_000, default: ms, description }))
const share = (description: string) => Type.Optional(Type.Number({ minimum: 0, maximum: 1, description }))

/** What the operator writes under `tts.params`. */
export const ttsParams = Type.Object(
  {
    ...connectionParams,
    voice: Type.String({ minLength: 1, description: 'Id of the voice, as the page of the voice shows it.' }),
    voices: defaulted(
      Type.Record(Type.String(), Type.String({ minLength: 1 }), {
        default: {},
        description: 'Voices of further languages, by language code, for calls that switch.',
      }),
    ),
    model: defaulted(
      Type.String({
        minLength: 1,
        default: 'eleven_flash_v2_5',
        description:
          'eleven_flash_v2_5 is the quickest; eleven_multilingual_v2; eleven_v3 does not stream replies.',
      }),
    ),
    language: defaulted(
      Type.String({
        default: '',
        description: 'Language of the text, `en-US`. Empty: found out from the text.',
      }),
    ),
    stability: share('Evenness of the voice. Left out: the voice’s own.'),
    similarity_boost: share('How closely the voice keeps to its original. Left out: the voice’s own.'),
    style: share('How much its style is exaggerated. Left out: the voice’s own.'),
    speed: Type.Optional(
      Type.Number({ minimum: 0.7, maximum: 1.2, description: 'Speaking rate. Left out: the voice’s own.' }),
    ),
    streaming: defaulted(
      Type.Boolean({
        default: true,
        description:
          'One WebSocket for a whole reply, fed while the model writes. `false`: one request a sentence.',
      }),
    ),
    open_timeout_ms: timeout('Longest wait for a connection.', 3_000),
    first_audio_timeout_ms: timeout('Longest wait for the first audio of a text.', 5_000),
    idle_timeout_ms: timeout('Longest wait for more audio in mid-text.', 4_000),
  },
  { additionalProperties: false },
)

export type TtsParams = Static<typeof ttsParams>

/** The voice that speaks `language`: its own where one is configured, else the one voice. */
export function voiceFor(params: TtsParams, language: string | undefined): string {
  return (language === undefined ? undefined : params.voices[language]) ?? params.voice
}

/** `voice_settings`: what is set, and nothing of what is the voice's own. */
export function settingsOf({ stability, similarity_boost, style, speed }: TtsParams): object | undefined {
  const set = Object.entries({ stability, similarity_boost, style, speed }).filter(
    ([, value]) => value !== undefined,
  )
  return set.length === 0 ? undefined : Object.fromEntries(set)
}
