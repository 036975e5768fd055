// @ts-check
import { faultOf, jsonMessage, streamRequest, textUpTo } from '@kav/core/kit'
/** @import { Clock } from '@kav/core' */

const MAX_ANSWER_BYTES = 65_536

/**
 * Asks the service. Whatever goes wrong is told to the model by the message of the error: no key stands in it.
 *
 * @param {string} day
 * @param {{ url: string, api_key: string, timeout_ms: number }} params
 * @param {{ clock: Clock, signals: readonly AbortSignal[] }} given
 */
export async function hoursOf(day, params, { clock, signals }) {
  const faults = { doing: 'acme-tool opening hours', secrets: [params.api_key] }
  const url = new URL(params.url)
  url.searchParams.set('day', day)
  const answer = streamRequest({
    url,
    method: 'GET',
    headers: { authorization: `Bearer ${params.api_key}` },
    faults,
    clock,
    signals,
    firstMs: params.timeout_ms,
    idleMs: params.timeout_ms,
  })
  const { from, to } = jsonMessage(await textUpTo(answer, MAX_ANSWER_BYTES)) ?? {}
  if (signals.some(({ aborted }) => aborted))
    throw faultOf({ errorClass: 'cancelled', said: 'nobody waits for it any more' }, faults)
  if (typeof from !== 'string' || typeof to !== 'string')
    throw faultOf({ errorClass: 'bad-data', said: 'the answer has no "from" and "to"' }, faults)
  return `${from} to ${to}`
}
