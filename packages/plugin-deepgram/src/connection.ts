import { type ParamWarning, type ProviderErrorClass, type Static, type TObject, Type } from '@kav/core'
import { defaulted, type FaultRules, isPlainElsewhere } from '@kav/core/kit'

/** Deepgram's regional endpoints (developers.deepgram.com/changelog/2026/10/2); `global` is api.deepgram.com. */
const REGIONS = ['global', 'eu', 'au', 'in'] as const
export const regionSchema = Type.Union(REGIONS.map((one) => Type.Literal(one)))

/** The params that recognition and speech share: who asks, and where. */
export const connectionParams = {
  api_key: Type.String({
    minLength: 1,
    writeOnly: true,
    description: 'API key of a Deepgram project.',
  }),
  region: defaulted(
    Type.Union(regionSchema.anyOf, {
      default: 'global',
      description:
        'Where audio and text are processed: `eu` keeps them in the EU, `au` in Australia, `in` in India.',
    }),
  ),
  base_url: defaulted(
    Type.String({
      default: '',
      pattern: '^$|^https?://[^?#]+$',
      description: 'A self-hosted Deepgram, `https://host[:port]`, instead of the regions.',
    }),
  ),
  mip_opt_out: defaulted(
    Type.Boolean({
      default: false,
      description: 'Keeps requests out of Deepgram’s Model Improvement Program, at another price.',
    }),
  ),
  query: defaulted(
    Type.Record(Type.String(), Type.String(), {
      default: {},
      description: 'Further query parameters of every request, as Deepgram documents them (`tag`, `redact`).',
    }),
  ),
}

export type ConnectionParams = Static<TObject<typeof connectionParams>>

/** The regions in the order they are tried; none for a server of one's own. */
export function regionsOf(
  params: ConnectionParams,
  fallbacks: readonly string[] = [],
): readonly string[] | undefined {
  return params.base_url === '' ? [...new Set([params.region, ...fallbacks])] : undefined
}

/** `https://api.eu.deepgram.com`, or the operator's own, without a slash at the end. */
export function originOf(params: ConnectionParams, region: string = params.region): string {
  if (params.base_url !== '') return params.base_url.replace(/\/+$/, '')
  return region === 'global' ? 'https://api.deepgram.com' : `https://api.${region}.deepgram.com`
}

export function authorization(params: ConnectionParams): Readonly<Record<string, string>> {
  return { authorization: `Token ${params.api_key}` }
}

/**
 * Close frames carry a code of Deepgram's as their reason (developers.deepgram.com, "STT Troubleshooting WebSocket, NET,
 * and DATA Errors" and the same for TTS): 1008 DATA-0000 for audio it cannot decode, 1011 NET-0000 when it had nothing
 * to say for too long, 1011 NET-0001 when it got nothing for ten seconds, 1008 MESSAGE-0000 for a message it cannot read.
 */
function classOf(_code: number, reason: string): ProviderErrorClass | undefined {
  if (/\bNET-000[01]\b/.test(reason)) return 'timeout'
  if (/\b(DATA|MESSAGE)-0000\b/.test(reason)) return 'bad-request'
  return undefined
}

/** How this plugin tells its faults. `stage` is what the operator's params stand under. */
export function faultsOf(params: ConnectionParams, stage: 'stt' | 'tts', doing: string): FaultRules {
  return {
    doing: `Deepgram ${doing}`,
    secrets: [params.api_key],
    checks: {
      auth: `check ${stage}.params.api_key, and whether its project may use the model in this region`,
      'bad-request': `check ${stage}.params.model and language, and whether this region has them`,
      quota: 'check the balance and the limits of the project at console.deepgram.com',
    },
    classOf,
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
