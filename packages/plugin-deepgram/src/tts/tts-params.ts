import { type Static, Type } from '@kav/core'
import { defaulted } from '@kav/core/kit'
import { connectionParams } from '../connection.ts'

const timeout = (description: string, ms: number) =>
  defaulted(Type.Integer({ minimum: 100, maximum: 60_000, default: ms, description }))

/** What the operator writes under `tts.params`. */
export const ttsParams = Type.Object(
  {
    ...connectionParams,
    voice: defaulted(
      Type.String({
        minLength: 1,
        default: 'aura-2-thalia-en',
        description:
          'Voice, as Deepgram names its model: aura-2-thalia-en, aura-2-apollo-en, aura-2-celeste-es, …',
      }),
    ),
    voices: defaulted(
      Type.Record(Type.String(), Type.String({ minLength: 1 }), {
        default: {},
        description: 'Voices of further languages, by language code, for calls that switch.',
      }),
    ),
    speed: Type.Optional(
      Type.Number({
        minimum: 0.7,
        maximum: 1.5,
        description: 'Speaking rate, where the voice has one. Left out: 1.',
      }),
    ),
    streaming: defaulted(
      Type.Boolean({
        default: true,
        description:
          'One WebSocket for a whole reply, fed while the model writes. `false`: one request a sentence.',
      }),
    ),
    flush_after_ms: defaulted(
      Type.Integer({
        minimum: 50,
        maximum: 10_000,
        default: 300,
        description: 'While streaming: text that nothing follows for so long is asked to be spoken at once.',
      }),
    ),
    open_timeout_ms: timeout('Longest wait for a connection.', 3_000),
    first_audio_timeout_ms: timeout('Longest wait for the first audio of a text.', 5_000),
    idle_timeout_ms: timeout('Longest wait for more audio in mid-text.', 4_000),
    idle_close_ms: defaulted(
      Type.Integer({
        minimum: 1_000,
        maximum: 3_600_000,
        default: 120_000,
        description: 'A connection that nobody spoke on for so long is closed.',
      }),
    ),
  },
  { additionalProperties: false },
)

export type TtsParams = Static<typeof ttsParams>

/** The voice that speaks `language`: its own where one is configured, else the one voice. */
export function voiceFor(params: TtsParams, language: string | undefined): string {
  return (language === undefined ? undefined : params.voices[language]) ?? params.voice
}
