// What a stranger writes against @kav/core: checked by the compiler outside of this repository, then run.
import assert from 'node:assert/strict'
import { definePlugin, MULAW_8K, ProviderError, type TtsProvider, Type } from '@kav/core'
import { loadPipeline, type PipelineConfig } from '@kav/core/host'
import { delay } from '@kav/core/kit'
import { createFakeClock, fakeSpeech, testContext, ttsContract } from '@kav/core/testing'

const plugin = definePlugin({
  kind: 'tts',
  name: 'stranger-voice',
  description: 'A voice that hums',
  params: Type.Object({ pace: Type.Number({ description: 'Seconds a word takes', default: 0.3 }) }),
  create(params, { clock, metrics }): TtsProvider {
    // @ts-expect-error The schema says that it is a number.
    const pace: string = params.pace
    return {
      produces: [MULAW_8K],
      voiceKey: `stranger/${pace}`,
      async *speak(request, signal) {
        if (!/[\p{L}\p{N}]/u.test(request.text)) return
        await delay(clock, 1, signal)
        if (signal.aborted) return
        metrics.count('stranger_clauses_total')
        yield fakeSpeech(request.text, MULAW_8K)
      },
      close: async () => undefined,
    }
  },
})

// @ts-expect-error A class that does not exist.
const wrong = new ProviderError('sleepy', 'stranger-voice: it sleeps')
assert.ok(wrong instanceof Error)

// @ts-expect-error A file's content is not the name of a stage.
const stage: keyof PipelineConfig = 'voice'
assert.equal(stage, 'voice')

const context = testContext({ clock: createFakeClock().clock })
assert.deepEqual(plugin.create({ pace: 0.2 }, context).produces, [MULAW_8K])
assert.ok(ttsContract({ create: () => plugin.create({ pace: 0.2 }, testContext()) }).length > 5)
assert.equal(typeof loadPipeline, 'function')
console.log('a plugin from outside: ok')

export default plugin
