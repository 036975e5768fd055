// @ts-check
import { testParams } from '@kav/core/testing'
import plugin from '../src/index.js'
import { KEYS, openDouble } from './double.js'
/** @import { PluginContext } from '@kav/core' */
/** @import { PluginContract } from '@kav/core/testing' */

const OPENING_HOURS = {
  name: 'opening_hours',
  description: 'When we are open.',
  parameters: { type: 'object', properties: { day: { type: 'string' } }, required: ['day'] },
}

/**
 * What `npm test` and `kav plugin check` hold the plugin to: the contract of its kind, against the double.
 *
 * @returns {Promise<PluginContract>}
 */
export default async function openContract() {
  const double = await openDouble()

  /**
   * @param {PluginContext} context
   * @param {string} key
   */
  const create = (context, key = KEYS.good) =>
    plugin.create(testParams(plugin.params, { url: double.url, api_key: key }), context)

  return {
    kind: 'llm',
    options: {
      create: (context) => create(context),
      createFailing: (context) => create(context, 'wrong-key-4711'),
      failingClass: 'auth',
      createStalled: (context, place) => create(context, place === 'at-once' ? KEYS.silent : KEYS.mute),
      createCut: (context) => create(context, KEYS.cut),
      createCutCall: (context) => create(context, KEYS.cutCall),
      secrets: [...Object.values(KEYS), 'wrong-key-4711'],
      expected: /front desk of the Café Zoë/,
      sent: () => double.sent(),
      receivedText: () => double.received(),
      billed: () => double.billed,
      toolCall: {
        messages: [{ role: 'user', content: 'When are you open on Monday?' }],
        tools: [OPENING_HOURS],
        result: () => 'nine to five',
        expected: /nine to five/,
      },
    },
    close: () => double.close(),
  }
}
