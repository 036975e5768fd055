// @ts-check
import { MULAW_8K } from '@kav/core'
import { fakeSpeech, testParams } from '@kav/core/testing'
import plugin from '../src/index.js'
import { KEYS, openDouble, SAID } from './double.js'
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
    kind: 'stt',
    options: {
      create: (context) => create(context),
      createFailing: (context) => create(context, 'wrong-key-4711'),
      failingClass: 'auth',
      createStalled: (context, place) => create(context, place === 'at-once' ? KEYS.silent : KEYS.mute),
      createCut: (context) => create(context, KEYS.cut),
      secrets: [...Object.values(KEYS), 'wrong-key-4711'],
      speech: fakeSpeech(SAID, MULAW_8K),
      format: MULAW_8K,
      expected: new RegExp(SAID),
      pace: Infinity,
      received: () => double.latest()?.bytes() ?? new Uint8Array(),
      receivedOptions() {
        const { language, phrases } = double.latest()?.messages[0] ?? {}
        return { language, hints: phrases }
      },
    },
    close: () => double.close(),
  }
}
