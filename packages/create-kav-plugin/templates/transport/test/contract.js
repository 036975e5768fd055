// @ts-check
import { testParams } from '@kav/core/testing'
import plugin from '../src/index.js'
import { dial, NUMBERS, TOKEN } from './dial.js'
/** @import { PluginContract } from '@kav/core/testing' */

/**
 * What `npm test` and `kav plugin check` hold the plugin to: the contract of its kind, called by a far end of ours.
 *
 * @returns {Promise<PluginContract>}
 */
export default async function openContract() {
  return {
    kind: 'transport',
    options: {
      create: (_url, context) => plugin.create(testParams(plugin.params, { token: TOKEN }), context),
      dial: (url) => dial(url),
      dialUnproven: (url) => dial(url, 'bad-token-4711'),
      secrets: [TOKEN],
      numbers: Object.values(NUMBERS),
    },
  }
}
