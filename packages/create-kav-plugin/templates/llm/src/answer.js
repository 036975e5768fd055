// @ts-check
import { jsonMessage } from '@kav/core/kit'
/** @import { LlmEvent } from '@kav/core' */

/** @type {ReadonlySet<unknown>} */
const REASONS = new Set(['stop', 'tool-calls', 'length', 'content-filter'])

/**
 * One event of the service as Kav has it; `undefined` for what cannot be read. It sends `text` in pieces, `call`s of
 * tools, `usage`, and `end` with a reason, last. Its fields may be anything.
 *
 * @param {string} data
 * @returns {LlmEvent | undefined}
 */
export function eventOf(data) {
  const { type, text, id, name, args, reason, input, output } = jsonMessage(data) ?? {}
  if (type === 'text' && typeof text === 'string' && text !== '') return { type, text }
  if (type === 'call' && typeof id === 'string' && typeof name === 'string' && typeof args === 'string')
    return { type: 'tool-call', id, name, arguments: args }
  if (type === 'usage' && Number.isInteger(input) && Number.isInteger(output))
    return { type, inputTokens: Number(input), outputTokens: Number(output) }
  if (type === 'end' && isReason(reason)) return { type, reason }
  return undefined
}

/**
 * @param {unknown} reason
 * @returns {reason is Extract<LlmEvent, { type: 'end' }>['reason']}
 */
function isReason(reason) {
  return REASONS.has(reason)
}
