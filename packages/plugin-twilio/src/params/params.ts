import { Type, type Static } from '@sinclair/typebox'
import { fillDefaults } from '@kav/core/kit'

const path = (what: string, byDefault: string) =>
  Type.Optional(Type.String({ description: what, pattern: '^/[^?#\\s]*$', default: byDefault }))

const milliseconds = (what: string, byDefault: number, minimum: number, maximum: number) =>
  Type.Optional(Type.Integer({ description: what, minimum, maximum, default: byDefault }))

export const twilioParams = Type.Object(
  {
    account_sid: Type.Optional(
      Type.String({
        description:
          'Account SID (`AC…`). With auth_token or an API key it lets Kav hang up and transfer by REST.',
      }),
    ),
    auth_token: Type.Optional(
      Type.String({
        description:
          'Primary auth token of the account: checks signatures and signs REST requests. Keep it in ${…}.',
        writeOnly: true,
      }),
    ),
    auth_token_secondary: Type.Optional(
      Type.String({
        description:
          'A second auth token: what is signed or sealed with it is taken too, while the token is rotated.',
        writeOnly: true,
      }),
    ),
    api_key_sid: Type.Optional(
      Type.String({
        description:
          'SID of an API key (`SK…`). With api_key_secret it signs REST requests instead of auth_token.',
      }),
    ),
    api_key_secret: Type.Optional(
      Type.String({
        description: 'Secret of the API key. Twilio shows it once, when the key is made. Keep it in ${…}.',
        writeOnly: true,
      }),
    ),
    public_url: Type.Optional(
      Type.String({
        description:
          'How Twilio reaches this service, `https://voice.example.com`. Signatures are checked against it.',
        pattern: '^($|[hH][tT][tT][pP][sS]?://[^\\s?#]+$)',
      }),
    ),
    voice_path: path('Path of the voice webhook.', '/twilio/voice'),
    media_path: path('Path of the media stream (WebSocket).', '/twilio/media'),
    status_path: path('Path of the stream status callback.', '/twilio/status'),
    validate_signature: Type.Optional(
      Type.Union([Type.Boolean(), Type.Literal('webhook')], {
        description:
          'Check `X-Twilio-Signature` on every request. `webhook`: not on the upgrade, for a far end that signs none; the token guards the stream. `false` only for local use: anybody could call.',
        default: true,
      }),
    ),
    stream_token: Type.Optional(
      Type.Union([Type.Literal('required'), Type.Literal('optional')], {
        description:
          'Whether a stream has to bring the token that the webhook gave out. `optional`: TwiML of your own may order it without; the signature of its upgrade is all that is checked.',
        default: 'required',
      }),
    ),
    stream_parameters: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_.-]{0,63}$' }),
        Type.String({ maxLength: 400 }),
        {
          description: 'Further `<Parameter>`s of the stream; the call shows them in its params.',
          additionalProperties: false,
          default: {},
        },
      ),
    ),
    refuse_message: Type.Optional(
      Type.String({
        description:
          'Spoken to callers who cannot be taken now. Without it they hear the busy tone, free of charge.',
        minLength: 1,
        maxLength: 400,
      }),
    ),
    refuse_language: Type.Optional(
      Type.String({
        description: 'Language of refuse_message, `he-IL`. Twilio assumes en-US.',
        minLength: 2,
      }),
    ),
    start_timeout_ms: milliseconds('How long a new stream may take to send `start`.', 5000, 100, 60_000),
    token_ttl_ms: milliseconds(
      'How long a stream may take from webhook to `start`.',
      60_000,
      1000,
      3_600_000,
    ),
    ping_interval_ms: milliseconds(
      'A stream that sends nothing, not even a pong, for twice this long is dropped. 0 sends no pings.',
      15_000,
      0,
      600_000,
    ),
    end_timeout_ms: milliseconds(
      'How long a call that was hung up or transferred may take to end before its stream is closed.',
      3000,
      0,
      60_000,
    ),
    max_message_bytes: Type.Optional(
      Type.Integer({
        description: 'Longest message accepted on a stream.',
        minimum: 1024,
        maximum: 1_048_576,
        default: 65_536,
      }),
    ),
    max_messages_per_second: Type.Optional(
      Type.Integer({
        description:
          'A stream that keeps sending more than this is cut off. Six seconds’ worth may come at once.',
        minimum: 60,
        maximum: 100_000,
        default: 500,
      }),
    ),
    max_pending_streams: Type.Optional(
      Type.Integer({
        description: 'Streams that may be connected without having started; more are answered 503.',
        minimum: 1,
        maximum: 100_000,
        default: 100,
      }),
    ),
    api_base_url: Type.Optional(
      Type.String({
        description: 'REST API to use, for other regions.',
        pattern: '^https?://[^\\s?#]+$',
        default: 'https://api.twilio.com',
      }),
    ),
    calls_per_second: Type.Optional(
      Type.Number({
        description:
          'How many calls a second the account may place, in the whole fleet. 1 is what Twilio gives a new account; more is agreed on with it.',
        minimum: 0.1,
        maximum: 1000,
        default: 1,
      }),
    ),
    ring_timeout_s: Type.Optional(
      Type.Integer({
        description: 'How long a placed call rings before it counts as not answered.',
        minimum: 5,
        maximum: 600,
        default: 60,
      }),
    ),
    rest_timeout_ms: milliseconds('Longest wait for one REST answer.', 5000, 100, 60_000),
  },
  { additionalProperties: false },
)

export type TwilioParams = Static<typeof twilioParams>

/** What an empty string (an unset `${NAME:-}`) leaves absent. */
const ABSENT_WHEN_EMPTY = [
  'account_sid',
  'auth_token',
  'auth_token_secondary',
  'api_key_sid',
  'api_key_secret',
  'public_url',
] as const

/** What stays absent when nobody sets it. */
type Unset = (typeof ABSENT_WHEN_EMPTY)[number] | 'refuse_message' | 'refuse_language'

/** Params with every default in its place. */
export type TwilioSettings = Required<Omit<TwilioParams, Unset>> & Pick<TwilioParams, Unset>

export function settingsOf(params: TwilioParams): TwilioSettings {
  const settings = fillDefaults(twilioParams, params) as TwilioSettings & Record<string, unknown>
  for (const name of ABSENT_WHEN_EMPTY) if (settings[name] === '') delete settings[name]
  // Schemes have no case; the rest is signed as it is written.
  const url = settings.public_url
  return url === undefined ? settings : { ...settings, public_url: url.replace(/^https?/i, lowerCase) }
}

const lowerCase = (text: string): string => text.toLowerCase()

/** Params that are paths of the transport's own. */
export const TRANSPORT_PATHS = ['voice_path', 'media_path', 'status_path'] as const

/** Parameters that Kav itself puts on the stream. */
export const RESERVED_PARAMETERS: readonly string[] = ['token', 'from', 'to']
