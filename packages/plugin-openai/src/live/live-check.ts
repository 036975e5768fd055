import type { LiveFinding, PluginContext } from '@kav/core'
import { finding, isSendable, LIVE_CHECK_MS, noAnswer } from '@kav/core/kit'
import { type ConnectionParams, createConnection } from '../connection.ts'
import { isHtml } from '../refusal.ts'
import { apiPlaceOf, baseUrlFault } from './base-url.ts'
import { judgeModel } from './judge-model.ts'
import { answerOf, type LiveServer, openServer } from './live-server.ts'
import { readModelList } from './model-list.ts'
import { missingRootFinding, noApiFinding, refusalFinding } from './refusals.ts'
import { voiceFindings } from './voice-list.ts'

/** What params ask the server for, by the param that says it. */
export interface AskedFor {
  /** `{ model: 'gpt-4o-mini' }` */
  readonly models: Readonly<Record<string, string>>
  readonly voice?: string
}

const ODD_KEY = finding.error(
  'api_key has characters that no key has: white space, or a line break',
  'Copy the key again, without anything around it.',
)

/**
 * Asks the server, by the SDK and over the connection that calls have, for its models: whether it is there, takes the
 * key, and lists each model that params name. `LIVE_CHECK_MS` in all.
 */
export async function checkServer(
  params: ConnectionParams,
  asked: AskedFor,
  { clock }: Pick<PluginContext, 'clock'>,
): Promise<readonly LiveFinding[]> {
  const wrong = baseUrlFault(params)
  if (wrong) return [wrong]
  if (params.api_key !== undefined && !isSendable(params.api_key)) return [ODD_KEY]
  const connection = createConnection(params)
  const place = apiPlaceOf(params)
  const deadline = new AbortController()
  const cancel = clock.after(LIVE_CHECK_MS, () => deadline.abort())
  try {
    const server = await openServer(connection, place, deadline.signal)
    return await askServer(server, params, asked)
  } catch (thrown) {
    const { host } = connection
    const param = place.isOpenai ? undefined : 'base_url'
    return [noAnswer(deadline.signal.aborted ? late(thrown) : thrown, { host, param })]
  } finally {
    cancel()
    await connection.close()
  }
}

function late(thrown: unknown): Error {
  return Object.assign(new Error('no answer in time', { cause: thrown }), { name: 'TimeoutError' })
}

async function askServer(
  server: LiveServer,
  params: ConnectionParams,
  asked: AskedFor,
): Promise<readonly LiveFinding[]> {
  const { place } = server
  const answer = await answerOf(server, place.modelsUrl)
  const list = answer.thrown ? undefined : readModelList(answer.json)
  if (list) {
    const models = Object.entries(asked.models)
    const found = await Promise.all(models.map(([param, model]) => judgeModel(server, list, param, model)))
    return [...found, ...(await voiceFindings(server, asked.voice))]
  }
  const isWrongPlace = !answer.thrown || answer.thrown.status === 404 || answer.thrown.status === 405
  if (isWrongPlace && (await hasApi(server, place.usualRoot))) return [missingRootFinding(place)]
  if (answer.thrown && !/page of HTML/.test(answer.thrown.message)) {
    return [refusalFinding(answer.thrown, place, params)]
  }
  const isPage = answer.thrown !== undefined || (typeof answer.json === 'string' && isHtml(answer.json))
  return [noApiFinding(place, isPage)]
}

/** Whether the API is at `root`: it lists models there, or wants another key. */
async function hasApi(server: LiveServer, root: string | undefined): Promise<boolean> {
  if (root === undefined) return false
  const answer = await answerOf(server, `${root}/models`)
  return answer.thrown ? answer.thrown.status === 401 : readModelList(answer.json) !== undefined
}
