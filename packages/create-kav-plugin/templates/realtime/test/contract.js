// @ts-check
import { MULAW_8K, MULAW_SILENCE } from '@kav/core'
import { fakeSpeech, testParams } from '@kav/core/testing'
import plugin from '../src/index.js'
import { KEYS, openDouble, SAID } from './double.js'
import { BILLED } from './voice.js'
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
    kind: 'realtime',
    options: {
      create: (context) => create(context),
      createFailing: (context) => create(context, 'wrong-key-4711'),
      failingClass: 'auth',
      createStalled: (context, place) => create(context, place === 'at-once' ? KEYS.silent : KEYS.mute),
      createCut: (context) => create(context, KEYS.cut),
      createCutOnce: (context) => create(context, KEYS.once),
      secrets: [...Object.values(KEYS), 'wrong-key-4711'],
      format: MULAW_8K,
      // A turn, and the silence that ends it.
      speech: Buffer.concat([fakeSpeech(SAID, MULAW_8K), Buffer.alloc(4800, MULAW_SILENCE)]),
      expected: new RegExp(SAID),
      received() {
        const pieces = double.messages().filter(({ type }) => type === 'audio')
        return Buffer.concat(pieces.map(({ audio }) => Buffer.from(audio, 'base64')))
      },
      receivedText: () => JSON.stringify(double.messages()),
      receivedHeardMs: () => double.messages().findLast(({ type }) => type === 'interrupt')?.heard_ms,
      billed() {
        const replies = double.messages().filter(({ type }) => type === 'say').length
        return {
          inputTokens: replies * BILLED.inputTokens,
          outputTokens: replies * BILLED.outputTokens,
        }
      },
      receivedOptions() {
        const { language, phrases, instructions } = double.messages()[0] ?? {}
        return { language, hints: phrases, instructions }
      },
      tool: { tool: OPENING_HOURS, result: 'nine to five', expected: /nine to five/ },
    },
    close: () => double.close(),
  }
}
