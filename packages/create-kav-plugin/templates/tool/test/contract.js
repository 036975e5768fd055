// @ts-check
import { testParams } from '@kav/core/testing'
import plugin from '../src/index.js'
import { KEYS, openDouble } from './double.js'
/** @import { PluginContext } from '@kav/core' */
/** @import { PluginContract } from '@kav/core/testing' */

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
    kind: 'tool',
    options: {
      create: (context) => create(context),
      createFailing: (context) => create(context, 'wrong-key-4711'),
      createStalled: (context) => create(context, KEYS.silent),
      carriedOut: () => double.asked(),
      secrets: [...Object.values(KEYS), 'wrong-key-4711'],
      calls: [
        { tool: 'opening_hours', args: { day: 'monday' }, expected: /nine to five/ },
        { tool: 'opening_hours', args: { day: 'saturday' }, expected: /nine to noon/ },
      ],
      failing: { tool: 'opening_hours', args: { day: 'sunday' }, expected: /closed on Sundays/ },
    },
    close: () => double.close(),
  }
}
