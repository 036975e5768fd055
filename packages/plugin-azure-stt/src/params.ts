import { fillDefaults } from '@kav/core/kit'
import { Type, type Static } from '@sinclair/typebox'

const oneOf = <const V extends readonly string[]>(
  values: V,
  options: { description: string; default: V[number] },
) => Type.Unsafe<V[number]>({ type: 'string', enum: [...values], ...options })

const REGION = '^[a-z][a-z0-9-]*$'

/** What the operator writes under `stt.params`. */
export const paramsSchema = Type.Object(
  {
    key: Type.Optional(
      Type.String({
        description:
          'Key of the Speech resource. Azure keys are valid in one region: name the others’ under region_keys.',
        default: '',
        writeOnly: true,
      }),
    ),
    region_keys: Type.Optional(
      Type.Record(Type.String(), Type.String({ minLength: 1 }), {
        description: 'Keys of further regions, by region; each wins over `key` in its region.',
        default: {},
        writeOnly: true,
      }),
    ),
    token_file: Type.Optional(
      Type.String({
        description:
          'File with an access token instead of a key, as bare text or {"token": …}; `{region}` in its name is replaced. Something of yours renews it; it is read again before every connection and every token_reread_ms.',
        default: '',
      }),
    ),
    token_reread_ms: Type.Optional(
      Type.Integer({
        description:
          'How often the token file is read while calls are on, so that reconnects have a fresh one.',
        default: 30_000,
        minimum: 100,
        maximum: 3_600_000,
      }),
    ),
    region: Type.Optional(
      Type.String({
        description: 'Region of the Speech resource, for example westeurope.',
        default: 'westeurope',
        pattern: REGION,
      }),
    ),
    fallback_regions: Type.Optional(
      Type.Array(Type.String({ pattern: REGION }), {
        description: 'Regions tried in this order when `region` does not take the call.',
        default: [],
      }),
    ),
    host: Type.Optional(
      Type.String({
        description:
          'ws://host:port or wss://host of a Speech container or another server, instead of Azure’s own; `{region}` is replaced.',
        default: '',
        pattern: '^$|^(wss?|https?)://[^?#]+$',
      }),
    ),
    region_hosts: Type.Optional(
      Type.Record(Type.String(), Type.String({ pattern: '^(wss?|https?)://[^?#]+$' }), {
        description: 'Host of single regions, as `host`; wins over it.',
        default: {},
      }),
    ),
    endpoint: Type.Optional(
      Type.String({
        description:
          'Whole wss:// URL of a resource with a custom domain or a private endpoint. Without a path, the recognition path is added.',
        default: '',
        pattern: '^$|^(wss?|https?)://',
      }),
    ),
    endpoint_id: Type.Optional(
      Type.String({ description: 'Id of a custom speech model’s deployment.', default: '' }),
    ),
    language: Type.String({
      description: 'BCP-47 code of the caller’s language, for example he-IL or en-US.',
      minLength: 2,
    }),
    languages: Type.Optional(
      Type.Array(Type.String({ minLength: 2 }), {
        description:
          'Languages the caller may speak: which one is found out from the first words of the session. Empty: `language` alone.',
        default: [],
        maxItems: 4,
      }),
    ),
    hints: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'Phrases to expect; the conversation’s own hints are added.',
        default: [],
      }),
    ),
    hint_weight: Type.Optional(
      Type.Number({ description: 'How strongly hints are preferred.', default: 1, minimum: 0, maximum: 2 }),
    ),
    segmentation_silence_ms: Type.Optional(
      Type.Integer({
        description: 'Silence that closes a segment. 0: the service’s own rule.',
        default: 500,
        minimum: 0,
        maximum: 5000,
      }),
    ),
    segmentation_strategy: Type.Optional(
      oneOf(['default', 'time', 'semantic'], {
        description: 'How segments are cut: by silence (time) or at the ends of sentences (semantic).',
        default: 'default',
      }),
    ),
    stable_partials: Type.Optional(
      Type.Integer({
        description: 'How often a word must be guessed before a partial shows it. 0: at once.',
        default: 0,
        minimum: 0,
        maximum: 20,
      }),
    ),
    profanity: Type.Optional(
      oneOf(['masked', 'removed', 'raw'], { description: 'What becomes of profanities.', default: 'raw' }),
    ),
    word_times: Type.Optional(
      Type.Boolean({
        description:
          'Times of words (detailed results, which cost no more): what `redact` hides gets a tone of its own in recordings, and not all that was said with it.',
        default: true,
      }),
    ),
    voice_activity_events: Type.Optional(
      Type.Boolean({ description: 'The recogniser’s own start and end of speech.', default: true }),
    ),
    connect_timeout_ms: Type.Optional(
      Type.Integer({
        description: 'Longest wait for a connection when a session opens.',
        default: 3000,
        minimum: 100,
        maximum: 4900,
      }),
    ),
    throttle_after_ms: Type.Optional(
      Type.Integer({
        description:
          'Audio a connection takes at any speed; what comes on top of it goes out at twice real time at most.',
        default: 5000,
        minimum: 0,
        // While a connection closes, the SDK spins through this much audio without a pause.
        maximum: 60_000,
      }),
    ),
    max_lag_ms: Type.Optional(
      Type.Integer({
        description:
          'A recogniser whose results stay this far behind the audio for 10 s is replaced at the next pause. 0: never.',
        default: 2500,
        minimum: 0,
        maximum: 60_000,
      }),
    ),
    max_session_ms: Type.Optional(
      Type.Integer({
        description:
          'Life of one recogniser; it is replaced in a pause before. Frees what the SDK piles up over a long call.',
        default: 1_200_000,
        minimum: 1000,
        maximum: 86_400_000,
      }),
    ),
    recognize_timeout_ms: Type.Optional(
      Type.Integer({
        description: 'Deadline for one utterance in one request, used when no session opens.',
        default: 8000,
        minimum: 500,
        maximum: 120_000,
      }),
    ),
  },
  { additionalProperties: false },
)

export type AzureSttParams = Static<typeof paramsSchema>

/** Params with every default filled in; `language` is the only one without. */
export type ResolvedParams = Required<AzureSttParams>

/** The same params with the schema's defaults, whether or not the config loader has put them in already. */
export function resolveParams(params: AzureSttParams): ResolvedParams {
  return fillDefaults(paramsSchema, params) as ResolvedParams
}

/** Regions in the order they are tried, each once. */
export function regionsOf(params: ResolvedParams): readonly string[] {
  return [...new Set([params.region, ...params.fallback_regions])]
}

/** Whether regions have credentials of their own, so that the refusal of one says nothing about the others. */
export function credentialsDiffer(params: ResolvedParams): boolean {
  const perRegion = Object.keys(params.region_keys).length > 0 || params.token_file.includes('{region}')
  return perRegion && regionsOf(params).length > 1
}
