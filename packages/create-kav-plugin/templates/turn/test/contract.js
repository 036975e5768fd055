// @ts-check
import { testParams } from '@kav/core/testing'
import plugin from '../src/index.js'
/** @import { PluginContract } from '@kav/core/testing' */

/**
 * What `npm test` and `kav plugin check` hold the plugin to: the contract of its kind.
 *
 * @returns {Promise<PluginContract>}
 */
export default async function openContract() {
  return {
    kind: 'turn',
    options: {
      create: (context) => plugin.create(testParams(plugin.params), context),
      done: () => ({ text: 'When are you open on Monday?' }),
      goesOn: () => ({ text: 'My number is five five five and' }),
    },
  }
}
