import { connectionParams, credentialsParam, oneOf } from '@kav/google-cloud'
import { fillDefaults } from '@kav/core/kit'
import { Type, type Static } from '@sinclair/typebox'

/** What the operator writes under `tts.params`. */
export const paramsSchema = Type.Object(
  {
    credentials: credentialsParam,
    project: Type.Optional(
      Type.String({ description: 'Google Cloud project id, where the credentials name none.', default: '' }),
    ),
    region: Type.Optional(
      Type.String({
        description: 'Where speech is made: global, eu, us or a region of the voice.',
        default: 'global',
        pattern: '^[a-z][a-z0-9-]*$',
      }),
    ),
    language: Type.String({ description: 'BCP-47 code, for example he-IL or en-US.', minLength: 2 }),
    voice: Type.Optional(
      Type.String({
        description:
          'Voice name, for example he-IL-Wavenet-A or he-IL-Chirp3-HD-Kore. Empty: Google chooses one for the language.',
        default: '',
      }),
    ),
    voices: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'Voices of further languages, by language code, for calls that switch.',
        default: {},
      }),
    ),
    model: Type.Optional(
      Type.String({
        description: 'Model name, for voices that need one (Gemini voices). Usually empty.',
        default: '',
      }),
    ),
    streaming: Type.Optional(
      oneOf(['auto', 'on', 'off'], {
        description: 'One stream per reply: where the voice takes it (auto), always, or never.',
        default: 'auto',
      }),
    ),
    input: Type.Optional(
      oneOf(['auto', 'text', 'markup'], {
        description:
          'auto: text that begins with <speak> is SSML. markup: Chirp 3 HD markup with pause tags.',
        default: 'auto',
      }),
    ),
    speaking_rate: Type.Optional(
      Type.Number({ description: 'Speed; 1 is the voice’s own.', default: 1, minimum: 0.25, maximum: 2 }),
    ),
    pitch: Type.Optional(
      Type.Number({
        description: 'Semitones up or down. Not for Chirp HD voices.',
        default: 0,
        minimum: -20,
        maximum: 20,
      }),
    ),
    volume_gain_db: Type.Optional(
      Type.Number({ description: 'Gain in dB. Not while streaming.', default: 0, minimum: -96, maximum: 16 }),
    ),
    effects_profile: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Audio profiles, for example telephony-class-application. Not while streaming.',
        default: [],
      }),
    ),
    timeout_ms: Type.Optional(
      Type.Integer({
        description: 'Deadline of one request, and of a stream’s first audio.',
        default: 5000,
        minimum: 200,
        maximum: 120_000,
      }),
    ),
    tries: Type.Optional(
      Type.Integer({
        description: 'Tries of one request, 200 ms apart, while nothing of it has been heard.',
        default: 3,
        minimum: 1,
        maximum: 10,
      }),
    ),
    endpoint: Type.Optional(
      Type.String({
        description:
          'host[:port] instead of Google’s own. `http://` means plaintext without credentials, for a server on this machine.',
        default: '',
      }),
    ),
    ...connectionParams('Requests'),
  },
  { additionalProperties: false },
)

export type GoogleTtsParams = Static<typeof paramsSchema>

/** Params with every default filled in; `language` is the only one without. */
export type ResolvedParams = Required<GoogleTtsParams>

/** The same params with the schema's defaults, whether or not the config loader has put them in already. */
export function resolveParams(params: GoogleTtsParams): ResolvedParams {
  return fillDefaults(paramsSchema, params) as ResolvedParams
}
