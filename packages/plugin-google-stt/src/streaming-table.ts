/**
 * What is known to stream where. The one place for it, because it ages: `liveCheck` compares it with the
 * Locations API, which is the truth.
 *
 * Sources: cloud.google.com/speech-to-text/docs, pages "Chirp 3", "Chirp 2" and "V2 supported languages", in the
 * copies current at AS_OF. Speech-to-Text v1: "V1 supported languages", endpoints page.
 */
export const AS_OF = '2026-11'

interface ModelFacts {
  /** v2 locations that serve the model. */
  readonly regions: readonly string[]
  /** Languages it streams, in the API's spelling. */
  readonly streams: ReadonlySet<string>
  /** Languages it takes in one request; absent: the same. */
  readonly recognizes?: ReadonlySet<string>
}

const CHIRP_2_STREAMS = [
  ...['cmn-Hans-CN', 'cmn-Hant-TW', 'yue-Hant-HK', 'en-AU', 'en-GB', 'en-IN', 'en-US', 'fr-CA', 'fr-FR'],
  ...['de-DE', 'it-IT', 'ja-JP', 'ko-KR', 'pt-BR', 'es-ES', 'es-US'],
]

/** Best first: the first one that fits is taken when the params name no model. */
export const V2_MODELS: Readonly<Record<string, ModelFacts>> = {
  chirp_3: {
    // eu, us, asia-northeast1 and asia-southeast1 are GA, the others Preview. Hebrew is Preview and listed for
    // the two multi-regions only.
    regions: [
      ...['eu', 'us', 'asia-northeast1', 'asia-southeast1', 'asia-south1', 'europe-west2', 'europe-west3'],
      'northamerica-northeast1',
    ],
    streams: new Set([
      ...['ca-ES', 'cmn-Hans-CN', 'hr-HR', 'da-DK', 'nl-NL', 'en-AU', 'en-GB', 'en-IN', 'en-US', 'fi-FI'],
      ...['fr-CA', 'fr-FR', 'de-DE', 'el-GR', 'hi-IN', 'it-IT', 'ja-JP', 'ko-KR', 'pl-PL', 'pt-BR', 'pt-PT'],
      ...['ro-RO', 'ru-RU', 'es-ES', 'es-US', 'iw-IL'],
    ]),
  },
  chirp_2: {
    regions: ['us-central1', 'europe-west4', 'asia-southeast1'],
    streams: new Set(CHIRP_2_STREAMS),
    recognizes: new Set([...CHIRP_2_STREAMS, 'iw-IL']),
  },
}

/** Pairs the model lists in general but not for this language. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = { 'chirp_3/iw-IL': ['eu', 'us'] }

/** Models only v2 has, by the beginning of their names. */
export const V2_ONLY_MODEL = /^chirp/

/** Every location of the v2 language table. */
export const V2_REGIONS: readonly string[] = [
  ...['global', 'eu', 'us', 'us-central1', 'europe-west2', 'europe-west3', 'europe-west4', 'asia-northeast1'],
  ...['asia-south1', 'asia-southeast1', 'northamerica-northeast1'],
]

export type Method = 'stream' | 'recognize'

/** Whether `model` is known to take `language` (API spelling) in `region`; `undefined`: the table does not say. */
export function isKnown(
  model: string,
  language: string,
  region: string,
  method: Method,
): boolean | undefined {
  const facts = V2_MODELS[model]
  if (facts === undefined) return undefined
  const languages = method === 'recognize' ? (facts.recognizes ?? facts.streams) : facts.streams
  const regions = ONLY_IN[`${model}/${language}`] ?? facts.regions
  return languages.has(language) && regions.includes(region)
}

/** The model to ask for where the params name none: the best one known, otherwise one that exists everywhere. */
export function chooseModel(api: 'v1' | 'v2', language: string, region: string, method: Method): string {
  if (api === 'v1') return 'latest_long'
  const known = Object.keys(V2_MODELS).find((model) => isKnown(model, language, region, method))
  return known ?? 'long'
}

/** Regions known to stream the language, with the model that does it; for suggestions. */
export function streamingRegions(language: string): readonly { region: string; model: string }[] {
  return V2_REGIONS.flatMap((region) => {
    const model = Object.keys(V2_MODELS).find((name) => isKnown(name, language, region, 'stream'))
    return model === undefined ? [] : [{ region, model }]
  })
}
