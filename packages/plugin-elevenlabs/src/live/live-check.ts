import type { LiveFinding, PluginContext } from '@kav/core'
import { askLive, didYouMean, finding, isSendable, type LiveAnswer, noAnswer } from '@kav/core/kit'
import { authorization, type ConnectionParams, originOf } from '../connection.ts'

/** What of the params of speech is asked about. */
type SpeakingParams = ConnectionParams & {
  readonly model: string
  readonly voice: string
  readonly voices: Readonly<Record<string, string>>
}

/** Whether the key is taken; Scribe's models are in no list. */
export function checkListening(
  params: ConnectionParams,
  context: PluginContext,
): Promise<readonly LiveFinding[]> {
  return ask(
    params,
    async (get, host) => {
      const refused = refusal(await get('/v1/models'), host)
      return [refused ?? finding.ok(`${host} takes the key`)]
    },
    context,
  )
}

/** Whether the key is taken, the model is one that speaks, and each voice is there. */
export function checkSpeaking(
  params: SpeakingParams,
  context: PluginContext,
): Promise<readonly LiveFinding[]> {
  return ask(
    params,
    async (get, host) => {
      const models = await get('/v1/models')
      const refused = refusal(models, host)
      if (refused !== undefined) return [refused]
      const voices = [
        ['voice', params.voice] as const,
        ...Object.entries(params.voices).map(([code, id]) => [`voices.${code}`, id] as const),
      ]
      const found = await Promise.all(
        voices.map(async ([param, id]) =>
          judgeVoice(param, await get(`/v1/voices/${encodeURIComponent(id)}`), host),
        ),
      )
      return [judgeModel(params.model, models, host), ...found]
    },
    context,
  )
}

type Get = (path: string) => Promise<LiveAnswer>

async function ask(
  params: ConnectionParams,
  questions: (get: Get, host: string) => Promise<readonly LiveFinding[]>,
  { clock }: PluginContext,
): Promise<readonly LiveFinding[]> {
  if (!isSendable(params.api_key))
    return [
      finding.error(
        'api_key holds characters that no header may have',
        'Set api_key without spaces and line breaks.',
      ),
    ]
  const origin = originOf(params)
  const { host } = new URL(origin)
  try {
    return await questions((path) => askLive(origin + path, { clock, headers: authorization(params) }), host)
  } catch (thrown) {
    return [noAnswer(thrown, { host, param: params.base_url === '' ? undefined : 'base_url' })]
  }
}

function refusal({ status, json }: LiveAnswer, host: string): LiveFinding | undefined {
  if (status === 401 && JSON.stringify(json ?? '').includes('missing_permissions')) return undefined
  if (status === 401)
    return finding.error(`${host} refuses the key (HTTP 401)`, 'Set api_key to a key of your workspace.')
  if (status === 429)
    return finding.error(
      `${host} has no room for this plan (HTTP 429)`,
      'Look at the concurrency of the plan at elevenlabs.io.',
    )
  if (status >= 500)
    return finding.warning(
      `${host} is not well (HTTP ${status})`,
      'Ask again, and look at status.elevenlabs.io.',
    )
  return undefined
}

function judgeModel(model: string, { json }: LiveAnswer, host: string): LiveFinding {
  const names = (Array.isArray(json) ? json : [])
    .filter((one: { can_do_text_to_speech?: unknown } | null) => one?.can_do_text_to_speech === true)
    .map((one: { model_id?: unknown }) => one.model_id)
    .filter((name): name is string => typeof name === 'string')
  if (names.length === 0)
    return finding.warning(`${host} lists no models to this key`, 'Place a call: the first one tells.')
  if (names.includes(model)) return finding.ok(`${host} takes the key and has the model "${model}"`)
  return finding.error(
    `${host} has no model "${model}"`,
    `Set model to "${didYouMean(model, names) ?? names[0]!}".`,
  )
}

function judgeVoice(param: string, { status, json }: LiveAnswer, host: string): LiveFinding {
  const { name } = (json ?? {}) as { name?: unknown }
  if (status === 200)
    return finding.ok(`${host} has the voice of ${param}${typeof name === 'string' ? ` (${name})` : ''}`)
  if (status === 400 || status === 404 || status === 422)
    return finding.error(
      `${host} has no voice with the id of ${param}`,
      `Set ${param} to an id of "My Voices" at elevenlabs.io.`,
    )
  return finding.warning(
    `${host} does not tell of the voice of ${param} (HTTP ${status})`,
    'Let the key read voices, or place a call.',
  )
}
