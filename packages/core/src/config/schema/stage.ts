import { Type } from '@sinclair/typebox'
import { CLOSED } from './field.ts'
import { RecordedLineSchema } from './last-words.ts'

export const MAX_PLUGIN_NAME = 300

const PLUGIN = Type.String({
  description: 'An npm package, or a path to a .js file that starts at the folder of this file.',
  minLength: 1,
  maxLength: MAX_PLUGIN_NAME,
})

const PARAMS = Type.Record(Type.String(), Type.Unknown(), {
  description: "The plugin's own params.",
  default: {},
})

function stage(description: string) {
  return Type.Object({ plugin: PLUGIN, params: PARAMS }, { ...CLOSED, description })
}

export const TransportStageSchema = stage('Brings the calls in.')
export const DenoiseStageSchema = (before: string) =>
  stage(`Takes the noise out of the caller's sound before ${before}.`)
export const VadStageSchema = Type.Object(
  {
    plugin: PLUGIN,
    params: PARAMS,
    denoise: Type.Optional(DenoiseStageSchema('the voice detector; measured to make that worse')),
  },
  { ...CLOSED, description: 'Hears when the caller speaks.' },
)
export const TurnStageSchema = stage('Tells whether a caller who has fallen silent is done.')
export const StoreStageSchema = stage('Keeps the calls, to be searched.')
export const FallbackStageSchema = stage('Tried when the ones before it will not open.')

/** A stage with others of its kind behind it. */
function stageWithFallback(description: string, when: string) {
  return Type.Object(
    {
      plugin: PLUGIN,
      params: PARAMS,
      fallback: Type.Array(stage('Tried when the ones before it fail.'), {
        description: when,
        maxItems: 8,
        default: [],
      }),
    },
    { ...CLOSED, description },
  )
}

export const LlmStageSchema = stageWithFallback(
  'Answers the caller.',
  'Other models, tried in this order for each reply that the ones before could not begin.',
)
export const TtsStageSchema = stageWithFallback(
  'Speaks the answer.',
  'Other voices, tried in this order for each clause that the ones before could not begin.',
)

/** How one further language is heard and spoken. */
export const LanguageStagesSchema = Type.Object(
  {
    stt: Type.Optional(
      stage('Hears this language; absent: the stt of the pipeline, asked for this language.'),
    ),
    tts: Type.Optional(
      stage('Speaks this language; absent: the tts of the pipeline, asked for this language.'),
    ),
    recorded_line: Type.Optional(RecordedLineSchema),
  },
  { ...CLOSED, description: 'A further language of the call.' },
)

export const ToolStageSchema = Type.Object(
  {
    plugin: PLUGIN,
    params: PARAMS,
    timeout_ms: Type.Integer({
      description: 'How long one call of its tools may take.',
      minimum: 100,
      maximum: 120_000,
      default: 5000,
    }),
  },
  { ...CLOSED, description: 'Tools written in code.' },
)

/** The four numbers that are the core's own and hold for every stt and realtime plugin. */
export const CoreSttParamsSchema = Type.Object({
  BATCH_MS: Type.Integer({
    description: 'Audio per STT write.',
    minimum: 20,
    maximum: 200,
    multipleOf: 20,
    default: 40,
  }),
  PARTIAL_DEBOUNCE_MS: Type.Integer({
    description:
      'A partial is published once it has stood unchanged this long (or a newer one replaced it). 0: at once.',
    minimum: 0,
    maximum: 2000,
    default: 90,
  }),
  TIMEOUT_MS: Type.Integer({
    description:
      'After VAD stopped and with no newer words for this long, the turn is over: the reply starts with the ' +
      "best text at hand, without waiting for the provider's slow final.",
    minimum: 0,
    maximum: 10_000,
    default: 320,
  }),
  VAD_HANGOVER_MS: Type.Integer({
    description: 'Silence after the last voiced frame before VAD says "stopped".',
    minimum: 0,
    maximum: 5000,
    default: 180,
  }),
})

export const CORE_STT_PARAMS: readonly string[] = Object.keys(CoreSttParamsSchema.properties)

export const SttStageSchema = Type.Object(
  {
    plugin: PLUGIN,
    params: Type.Composite([CoreSttParamsSchema], {
      description: "The core's four numbers and the plugin's own params.",
      additionalProperties: true,
      default: {},
    }),
    denoise: Type.Optional(DenoiseStageSchema('any recogniser, those of `fallback` and of `languages` too')),
    fallback: Type.Array(FallbackStageSchema, {
      description: 'Other STT plugins, tried in this order when this one will not open.',
      maxItems: 8,
      default: [],
    }),
  },
  { ...CLOSED, description: 'Hears what the caller says.' },
)

export const RealtimeStageSchema = Type.Object(
  {
    plugin: PLUGIN,
    params: Type.Composite([CoreSttParamsSchema], {
      description: "The core's four numbers and the plugin's own params.",
      additionalProperties: true,
      default: {},
    }),
  },
  { ...CLOSED, description: 'Hears, thinks and speaks by itself, in place of stt, llm and tts.' },
)
