import { connectionParams, credentialsParam, oneOf } from '@kav/google-cloud'
import { fillDefaults } from '@kav/core/kit'
import { Type, type Static } from '@sinclair/typebox'

/** Locations the v1 API has endpoints for. v2 names its own in the Locations API. */
export const V1_REGIONS: readonly string[] = ['global', 'eu', 'us']

/** What the operator writes under `stt.params`. */
export const paramsSchema = Type.Object(
  {
    api: Type.Optional(
      oneOf(['v2', 'v1'], { description: 'Version of the Speech-to-Text API.', default: 'v2' }),
    ),
    project: Type.Optional(
      Type.String({
        description: 'Google Cloud project id. Empty: the one the credentials belong to. Only v2 needs it.',
        default: '',
      }),
    ),
    credentials: credentialsParam,
    region: Type.Optional(
      Type.String({
        description: 'Location that takes the call, for example eu, us, global, europe-west4.',
        default: 'eu',
        pattern: '^[a-z][a-z0-9-]*$',
      }),
    ),
    fallback_regions: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z][a-z0-9-]*$' }), {
        description: 'Locations tried in this order when `region` does not take the call.',
        default: [],
      }),
    ),
    recognizer: Type.Optional(
      Type.String({
        description: 'Id of a v2 recognizer that exists in every region named; `_` is the implicit one.',
        default: '_',
        pattern: '^(_|[a-z][a-z0-9-]*)$',
      }),
    ),
    language: Type.String({
      description: 'BCP-47 code of the caller’s language, for example he-IL (sent as iw-IL) or en-US.',
      minLength: 2,
    }),
    alternative_languages: Type.Optional(
      Type.Array(Type.String({ minLength: 2 }), {
        description: 'Further languages the caller may speak.',
        default: [],
        maxItems: 3,
      }),
    ),
    model: Type.Optional(
      Type.String({
        description: 'Recognition model. Empty: the best one known for the language in each region.',
        default: '',
      }),
    ),
    use_enhanced: Type.Optional(
      Type.Boolean({ description: 'Asks v1 for the enhanced variant of the model.', default: false }),
    ),
    hints: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'Phrases to expect; the conversation’s own hints are added.',
        default: [],
      }),
    ),
    hint_boost: Type.Optional(
      Type.Number({ description: 'How strongly hints are preferred.', default: 10, minimum: 0, maximum: 20 }),
    ),
    punctuation: Type.Optional(Type.Boolean({ description: 'Automatic punctuation.', default: true })),
    profanity_filter: Type.Optional(Type.Boolean({ description: 'Masks profanities.', default: false })),
    endpointing_sensitivity: Type.Optional(
      oneOf(['standard', 'short', 'supershort'], {
        description: 'How soon v2 closes a segment after a pause.',
        default: 'standard',
      }),
    ),
    word_times: Type.Optional(
      oneOf(['auto', 'on', 'off'], {
        description:
          'Times of words: what `redact` hides gets a tone of its own in recordings, and not all that was said with it. `auto`: asked for, but of the Chirp models (`chirp_2` gives them, and may be slower and less exact with them; `chirp_3` gives none).',
        default: 'auto',
      }),
    ),
    interim: Type.Optional(Type.Boolean({ description: 'Partial results while speaking.', default: true })),
    voice_activity_events: Type.Optional(
      Type.Boolean({ description: 'The recogniser’s own start and end of speech.', default: true }),
    ),
    endpoint: Type.Optional(
      Type.String({
        description:
          'host[:port] instead of Google’s own; `{region}` is replaced. `http://` means plaintext without credentials, for a server on this machine.',
        default: '',
      }),
    ),
    region_endpoints: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'Endpoint of single regions, as `endpoint`; wins over it.',
        default: {},
      }),
    ),
    ...connectionParams('Calls'),
    connect_timeout_ms: Type.Optional(
      Type.Integer({
        description: 'Longest wait for a connection when a stream opens.',
        default: 3000,
        minimum: 100,
        maximum: 60_000,
      }),
    ),
    open_grace_ms: Type.Optional(
      Type.Integer({
        description:
          'Once connected, how long an opening stream may be silent before it counts as open. Refusals come within this time.',
        default: 200,
        minimum: 0,
        maximum: 2000,
      }),
    ),
    max_session_ms: Type.Optional(
      Type.Integer({
        description: 'Life of one stream; it is replaced before. Google ends streams at 305 s.',
        default: 290_000,
        minimum: 1000,
        maximum: 300_000,
      }),
    ),
    silence_after_ms: Type.Optional(
      Type.Integer({
        description:
          'Without audio for this long, silence is sent so that Google keeps the stream (it ends one after about 10 s).',
        default: 2000,
        minimum: 100,
        maximum: 8000,
      }),
    ),
    recognize_timeout_ms: Type.Optional(
      Type.Integer({
        description: 'Deadline of one unary request, used when no stream comes up.',
        default: 8000,
        minimum: 500,
        maximum: 120_000,
      }),
    ),
  },
  {
    additionalProperties: false,
    if: { type: 'object', required: ['api'], properties: { api: { type: 'string', const: 'v1' } } },
    then: {
      type: 'object',
      properties: {
        region: { type: 'string', enum: [...V1_REGIONS] },
        fallback_regions: { type: 'array', items: { type: 'string', enum: [...V1_REGIONS] } },
        recognizer: { type: 'string', enum: ['_'] },
      },
    },
  },
)

export type GoogleSttParams = Static<typeof paramsSchema>

/** Params with every default filled in; `language` is the only one without. */
export type ResolvedParams = Required<GoogleSttParams>

/** The same params with the schema's defaults, whether or not the config loader has put them in already. */
export function resolveParams(params: GoogleSttParams): ResolvedParams {
  return fillDefaults(paramsSchema, params) as ResolvedParams
}

/** Regions in the order they are tried, each once. */
export function regionsOf(params: ResolvedParams): readonly string[] {
  return [...new Set([params.region, ...params.fallback_regions])]
}
