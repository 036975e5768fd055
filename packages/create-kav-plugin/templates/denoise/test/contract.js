// @ts-check
import { fakeSpeech, testParams } from '@kav/core/testing'
import plugin from '../src/index.js'
/** @import { PluginContract } from '@kav/core/testing' */

/**
 * What `npm test` and `kav plugin check` hold the plugin to: the contract of its kind.
 * A recording of people on the phone says more than this hum.
 *
 * @returns {Promise<PluginContract>}
 */
export default async function openContract() {
  return {
    kind: 'denoise',
    options: {
      create: (context) => plugin.create(testParams(plugin.params), context),
      speech(sampleRateHz) {
        const bytes = fakeSpeech('hello, is anybody there', { encoding: 'linear16', sampleRateHz })
        return new Int16Array(bytes.buffer)
      },
    },
  }
}
