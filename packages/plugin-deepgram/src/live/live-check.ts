import type { LiveFinding, PluginContext } from '@kav/core'
import { askLive, didYouMean, finding, isSendable, type LiveAnswer, noAnswer } from '@kav/core/kit'
import { authorization, type ConnectionParams, originOf, regionsOf } from '../connection.ts'
import { isFlux } from '../is-flux.ts'

/** What of the params of recognition is asked about. */
type ListeningParams = ConnectionParams & {
  readonly model: string
  readonly recognize_model: string
  readonly fallback_regions: readonly string[]
}

/** And of those of speech. */
type SpeakingParams = ConnectionParams & {
  readonly voice: string
  readonly voices: Readonly<Record<string, string>>
}

/** A name that params give, and where. */
interface Wanted {
  readonly param: string
  readonly name: string
}

export function checkListening(
  params: ListeningParams,
  context: PluginContext,
): Promise<readonly LiveFinding[]> {
  const wanted = [{ param: 'model', name: params.model }]
  if (params.recognize_model !== params.model)
    wanted.push({ param: 'recognize_model', name: params.recognize_model })
  return checkPlaces(params, regionsOf(params, params.fallback_regions), { kind: 'stt', wanted }, context)
}

export function checkSpeaking(
  params: SpeakingParams,
  context: PluginContext,
): Promise<readonly LiveFinding[]> {
  const wanted = [
    { param: 'voice', name: params.voice },
    ...Object.entries(params.voices).map(([code, name]) => ({ param: `voices.${code}`, name })),
  ]
  return checkPlaces(params, regionsOf(params), { kind: 'tts', wanted }, context)
}

interface Question {
  readonly kind: 'stt' | 'tts'
  readonly wanted: readonly Wanted[]
}

async function checkPlaces(
  params: ConnectionParams,
  regions: readonly string[] | undefined,
  question: Question,
  context: PluginContext,
): Promise<readonly LiveFinding[]> {
  if (!isSendable(params.api_key))
    return [
      finding.error(
        'api_key holds characters that no header may have',
        'Set api_key without spaces and line breaks.',
      ),
    ]
  const places = regions?.map((region) => originOf(params, region)) ?? [originOf(params)]
  return (await Promise.all(places.map((origin) => checkPlace(params, origin, question, context)))).flat()
}

/** `GET /v1/projects` tells whether the key is one, `GET /v1/models` what there is (deepgram-api-specs, openapi.yml). */
async function checkPlace(
  params: ConnectionParams,
  origin: string,
  { kind, wanted }: Question,
  { clock }: PluginContext,
): Promise<readonly LiveFinding[]> {
  const { host } = new URL(origin)
  const param = params.base_url === '' ? undefined : 'base_url'
  try {
    const question = { clock, headers: authorization(params) }
    const [key, models] = await Promise.all([
      askLive(`${origin}/v1/projects`, question),
      askLive(`${origin}/v1/models`, question),
    ])
    if (key.status === 401) return [refusedKey(host)]
    if (key.status === 402 || key.status === 429)
      return [
        finding.error(
          `${host} says that the project is over its limits (${key.status})`,
          'Look at balance and limits at console.deepgram.com.',
        ),
      ]
    const names = namesIn(models, kind)
    // A server of one's own has no list; Flux is not in it everywhere.
    if (names.length === 0)
      return [
        finding.warning(
          `${host} answers and lists no models (${models.status})`,
          'Place a call: the first one tells.',
        ),
      ]
    return wanted.map((one) => judge(one, names, host))
  } catch (thrown) {
    return [noAnswer(thrown, { host, param })]
  }
}

function refusedKey(host: string): LiveFinding {
  return finding.error(
    `${host} refuses the key (HTTP 401)`,
    'Set api_key to a key of a project at console.deepgram.com.',
  )
}

function judge({ param, name }: Wanted, names: readonly string[], host: string): LiveFinding {
  if (names.includes(name) || names.includes(`${name}-general`))
    return finding.ok(`${host} takes the key and has "${name}"`)
  if (isFlux(name))
    return finding.warning(
      `${host} takes the key and does not list "${name}"`,
      'Place a call: Flux is not listed everywhere.',
    )
  const meant = didYouMean(name, names)
  const fix =
    meant === undefined
      ? `Set ${param} to a name at developers.deepgram.com/docs/models.`
      : `Set ${param} to "${meant}".`
  return finding.error(`${host} has no "${name}"`, fix)
}

/** Names by which a model may be asked for: its own, and that of its family. */
function namesIn({ status, json }: LiveAnswer, kind: 'stt' | 'tts'): string[] {
  if (status !== 200 || typeof json !== 'object' || json === null) return []
  const models = (json as Record<string, unknown>)[kind]
  if (!Array.isArray(models)) return []
  return models.flatMap((model: unknown) => {
    const { canonical_name, architecture } = (model ?? {}) as Record<string, unknown>
    return [canonical_name, architecture].filter(
      (name): name is string => typeof name === 'string' && name !== '',
    )
  })
}
