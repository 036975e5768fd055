import { createFakeClock, oddVersionsOf, testContext } from '@kav/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readWorkerReply } from '../../src/vad/read-reply.ts'
import { loadSileroWeights } from '../../src/vad/silero-weights.ts'
import { createSileroModel } from '../../src/vad/silero-model.ts'
import { createSileroProvider } from '../../src/vad/vad-provider.ts'

const weights = await loadSileroWeights(8000)
const VALID: readonly unknown[] = [{ type: 'ready' }, { type: 'done', batch: 3 }]

/** Without the large rows, which are looked at apart. */
const { cosines, encoder, ...rest } = weights
const ODD_WEIGHTS: readonly unknown[] = [
  ...oddVersionsOf({ shape: rest.shape }).map((odd) =>
    typeof odd === 'object' ? { ...weights, ...odd } : odd,
  ),
  ...oddVersionsOf({ depth: cosines.depth, columns: cosines.columns }).map((odd) => ({
    ...weights,
    cosines: typeof odd === 'object' ? { ...cosines, ...odd } : odd,
  })),
  { ...weights, lstm: { ...weights.lstm, blocks: weights.lstm.blocks.subarray(1) } },
  { ...weights, lstm: { ...weights.lstm, heads: [...weights.lstm.heads] } },
  { ...weights, encoder: encoder.slice(1) },
  { ...weights, encoder: [...encoder].reverse() },
  { ...weights, highestBin: new Float32Array(0) },
  { ...weights, decoder: null },
  { ...weights, decoderBias: '0' },
].filter((odd) => odd !== weights)

describe('what a vad worker sends', () => {
  it('is an answer to the batch that was asked, weights of the network, or odd', () => {
    const message = fc.oneof(
      fc.constantFrom(...VALID),
      fc.constantFrom(...VALID.flatMap(oddVersionsOf)),
      fc.constantFrom(...ODD_WEIGHTS).map((odd) => ({ type: 'ready', weights: odd })),
      fc.constant({ type: 'ready', weights }),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(message, fc.option(fc.constantFrom(3, 4), { nil: undefined }), (value, batch) => {
        const read = readWorkerReply(value, { batch, sampleRateHz: 8000 })
        if (!read.ok) expect(read.why).not.toMatch(/Cannot read|\[object Object\]/)
        else if (read.value.type === 'done') expect(read.value.batch).toBe(batch)
        else if (read.value.weights)
          expect(createSileroModel(read.value.weights).shape).toEqual(weights.shape)
      }),
      { numRuns: 1000 },
    )
  })

  it.each([0, 1, 2, 3, 4, 5, 6])(
    'fails its batch and names the plugin, and the worker is one that died (%i)',
    async (which) => {
      const time = createFakeClock()
      const context = testContext({ clock: time.clock })
      const workerUrl = new URL('./odd-worker.mjs', import.meta.url)
      const vad = createSileroProvider({
        ...{ sampleRateHz: 8000, threshold: 0.5, placement: 'worker', workerUrl },
        ...{ log: context.log, metrics: context.metrics, clock: time.clock },
      })
      const stream = vad.openStream()
      const rate = () =>
        Promise.resolve(vad.rate([stream], new Int16Array(256).fill(which), new Float32Array(1)))
      await expect(rate()).rejects.toThrow(/@kav\/plugin-local: the vad worker sent an odd message/)
      expect(context.metrics.value('vad_worker_odd_replies_total')).toBe(1)
      expect(context.metrics.value('vad_worker_deaths_total')).toBe(1)
      await vad.close()
    },
  )
})
