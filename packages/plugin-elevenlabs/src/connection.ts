import { type ParamWarning, type ProviderErrorClass, type Static, type TObject, Type } from '@kav/core'
import { defaulted, type FaultRules, isPlainElsewhere } from '@kav/core/kit'

/** Where ElevenLabs answers (elevenlabs.io/docs, "Data residency"); `global` is api.elevenlabs.io. */
const HOSTS = {
  global: 'api.elevenlabs.io',
  us: 'api.us.elevenlabs.io',
  eu: 'api.eu.residency.elevenlabs.io',
  in: 'api.in.residency.elevenlabs.io',
} as const

/** The params that recognition and speech share: who asks, and where. */
export const connectionParams = {
  api_key: Type.String({ minLength: 1, writeOnly: true, description: 'API key of the workspace.' }),
  region: defaulted(
    Type.Union(
      (Object.keys(HOSTS) as (keyof typeof HOSTS)[]).map((one) => Type.Literal(one)),
      {
        default: 'global',
        description:
          'Where audio and text are processed; `eu` and `in` are for workspaces with data residency.',
      },
    ),
  ),
  base_url: defaulted(
    Type.String({
      default: '',
      pattern: '^$|^https?://[^?#]+$',
      description: 'Another address of the API, `https://host[:port]`, instead of the region’s.',
    }),
  ),
  query: defaulted(
    Type.Record(Type.String(), Type.String(), {
      default: {},
      description:
        'Further query parameters of every request, as ElevenLabs documents them (`enable_logging`).',
    }),
  ),
}

export type ConnectionParams = Static<TObject<typeof connectionParams>>

/** Without a slash at the end. */
export function originOf({ base_url, region }: ConnectionParams): string {
  return base_url === '' ? `https://${HOSTS[region]}` : base_url.replace(/\/+$/, '')
}

export function authorization(params: ConnectionParams): Readonly<Record<string, string>> {
  return { 'xi-api-key': params.api_key }
}

/**
 * ElevenLabs says in words what its status leaves open (elevenlabs.io/docs, "Errors", and the realtime event reference):
 * a key without credits is refused with 401 and `quota_exceeded`, faults of a socket come as a message or as the reason
 * of close 1008.
 */
const CLASS_BY_WORD: Readonly<Record<string, ProviderErrorClass>> = {
  quota_exceeded: 'quota',
  rate_limited: 'quota',
  commit_throttled: 'quota',
  resource_exhausted: 'quota',
  queue_overflow: 'quota',
  too_many_concurrent_requests: 'quota',
  system_busy: 'quota',
  auth_error: 'auth',
  invalid_api_key: 'auth',
  unaccepted_terms: 'auth',
  session_time_limit_exceeded: 'session-limit',
  input_timeout_exceeded: 'timeout',
  insufficient_audio_activity: 'timeout',
  transcriber_error: 'network',
  input_error: 'bad-request',
  chunk_size_exceeded: 'bad-request',
  voice_not_found: 'bad-request',
  voice_id_does_not_exist: 'bad-request',
}

export function classOfWords(_code: number, words: string): ProviderErrorClass | undefined {
  const word = Object.keys(CLASS_BY_WORD).find((known) => words.includes(known))
  return word === undefined ? undefined : CLASS_BY_WORD[word]
}

/** How this plugin tells its faults. `stage` is what the operator's params stand under. */
export function faultsOf(params: ConnectionParams, stage: 'stt' | 'tts', doing: string): FaultRules {
  return {
    doing: `ElevenLabs ${doing}`,
    secrets: [params.api_key],
    checks: {
      auth: `check ${stage}.params.api_key, and what the key may do`,
      'bad-request':
        stage === 'tts' ? 'check tts.params.voice and model' : 'check stt.params.model and language',
      quota: 'check credits and concurrency of the plan at elevenlabs.io',
    },
    classOf: classOfWords,
  }
}

export function keyWarnings(params: ConnectionParams): ParamWarning[] {
  const { base_url: url } = params
  if (url === '') return []
  if (!URL.canParse(url)) return [{ path: ['base_url'], message: 'is no URL', severity: 'error' }]
  if (!isPlainElsewhere(url)) return []
  return [
    { path: ['base_url'], message: 'is http to another machine: key and speech cross the network readable' },
  ]
}
