import { fillDefaults } from '@kav/core/kit'
import { Type, type Static } from '@sinclair/typebox'

/** What the operator writes under `tts.params`. */
export const paramsSchema = Type.Object(
  {
    key: Type.Optional(
      Type.String({
        description: 'Key of the Speech resource, of the region named below.',
        default: '',
        writeOnly: true,
      }),
    ),
    token_file: Type.Optional(
      Type.String({
        description:
          'File with an access token instead of a key, as bare text or {"token": …}. Something of yours renews it; it is read before every connection.',
        default: '',
      }),
    ),
    region: Type.Optional(
      Type.String({
        description: 'Region of the Speech resource, for example westeurope.',
        default: 'westeurope',
        pattern: '^[a-z][a-z0-9-]*$',
      }),
    ),
    host: Type.Optional(
      Type.String({
        description:
          'wss://host of a resource’s own domain, or ws://host:port of a container, instead of the region’s own.',
        default: '',
        pattern: '^$|^(wss?|https?)://[^?#]+$',
      }),
    ),
    endpoint_id: Type.Optional(
      Type.String({ description: 'Id of a custom voice’s deployment.', default: '' }),
    ),
    voice: Type.String({
      description: 'Voice name, for example he-IL-HilaNeural, he-IL-AvriNeural, en-US-JennyNeural.',
      minLength: 2,
    }),
    voices: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'Voices of further languages, by language code, for calls that switch.',
        default: {},
      }),
    ),
    style: Type.Optional(
      Type.String({
        description: 'Speaking style, for voices that have styles (cheerful, customerservice …).',
        default: '',
        pattern: '^[A-Za-z-]*$',
      }),
    ),
    style_degree: Type.Optional(
      Type.Number({ description: 'How strong the style is.', default: 1, minimum: 0.01, maximum: 2 }),
    ),
    rate: Type.Optional(
      Type.String({
        description: 'Speed: +10%, -5%, 1.1, slow, fast … Empty: the voice’s own.',
        default: '',
        pattern: '^$|^[+-]?\\d+(\\.\\d+)?%$|^\\d+(\\.\\d+)?$|^(x-slow|slow|medium|fast|x-fast)$',
      }),
    ),
    pitch: Type.Optional(
      Type.String({
        description: 'Pitch: +5%, -2st, low, high … Empty: the voice’s own.',
        default: '',
        pattern: '^$|^[+-]?\\d+(\\.\\d+)?(%|Hz|st)$|^(x-low|low|medium|high|x-high)$',
      }),
    ),
    leading_silence_ms: Type.Optional(
      Type.Integer({
        description: 'Silence in front of each sentence, instead of the voice’s own. -1: the voice’s own.',
        default: -1,
        minimum: -1,
        maximum: 5000,
      }),
    ),
    trailing_silence_ms: Type.Optional(
      Type.Integer({
        description: 'Silence behind each sentence, instead of the voice’s own. -1: the voice’s own.',
        default: -1,
        minimum: -1,
        maximum: 5000,
      }),
    ),
    connect_timeout_ms: Type.Optional(
      Type.Integer({
        description: 'Longest wait for a connection.',
        default: 2000,
        minimum: 100,
        maximum: 60_000,
      }),
    ),
    stall_timeout_ms: Type.Optional(
      Type.Integer({
        description: 'Longest wait for the next audio of a sentence before its connection counts as dead.',
        default: 4000,
        minimum: 100,
        maximum: 120_000,
      }),
    ),
    spares: Type.Optional(
      Type.Integer({
        description:
          'Connections kept ready over and above one a call, so that speech after an interruption waits for none.',
        default: 1,
        minimum: 0,
        maximum: 100,
      }),
    ),
    max_connections: Type.Optional(
      Type.Integer({
        description: 'Connections at most; a sentence over that waits for one to become free.',
        default: 200,
        minimum: 1,
        maximum: 10_000,
      }),
    ),
    idle_close_ms: Type.Optional(
      Type.Integer({
        description: 'A call that has not spoken for this long no longer has a connection kept for it.',
        default: 120_000,
        minimum: 1000,
        maximum: 3_600_000,
      }),
    ),
  },
  { additionalProperties: false },
)

export type AzureTtsParams = Static<typeof paramsSchema>

/** Params with every default filled in; `voice` is the only one without. */
export type ResolvedParams = Required<AzureTtsParams>

/** The same params with the schema's defaults, whether or not the config loader has put them in already. */
export function resolveParams(params: AzureTtsParams): ResolvedParams {
  return fillDefaults(paramsSchema, params) as ResolvedParams
}
