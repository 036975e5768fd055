import { createFakeClock, oddVersionsOf, testContext } from '@kav/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRnnoiseProvider } from '../../src/denoise/denoise-provider.ts'
import { readWorkerReply } from '../../src/denoise/read-reply.ts'

const samples = new Int16Array(320)
const VALID: readonly unknown[] = [{ type: 'ready' }, { type: 'clean', batch: 3, samples }]

function providerOf(worker: string) {
  const time = createFakeClock()
  const context = testContext({ clock: time.clock })
  const workerUrl = new URL(worker, import.meta.url)
  return { ...context, time, filter: createRnnoiseProvider({ ...context, workers: 1, workerUrl }) }
}

describe('what a denoise worker sends', () => {
  it('is as much sound as the batch that was asked had, or odd', () => {
    const message = fc.oneof(
      fc.constantFrom(...VALID),
      fc.constantFrom(...VALID.flatMap(oddVersionsOf)),
      fc
        .integer({ min: 0, max: 400 })
        .map((length) => ({ ...(VALID[1] as object), samples: new Int16Array(length) })),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(message, fc.option(fc.constantFrom(3, 4), { nil: undefined }), (value, batch) => {
        const read = readWorkerReply(value, batch === undefined ? undefined : { batch, samples: 320 })
        if (!read.ok) expect(read.why).not.toMatch(/Cannot read|\[object Object\]/)
        else if (read.value.type === 'clean') {
          expect(read.value.batch).toBe(batch)
          expect(read.value.samples).toHaveLength(320)
        }
      }),
      { numRuns: 500 },
    )
  })

  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'fails its batch and names the plugin, and the worker is one that died (%i)',
    async (which) => {
      const { filter, metrics } = providerOf('./odd-worker.mjs')
      const session = filter.openSession(8000)
      await expect(session.clean(new Int16Array(320).fill(which))).rejects.toThrow(
        /@kav\/plugin-local: the denoise worker sent an odd message/,
      )
      await expect.poll(() => metrics.value('denoise_worker_deaths_total')).toBe(1)
      expect(metrics.value('denoise_worker_odd_replies_total')).toBe(1)
      await filter.close()
    },
  )
})

describe('a denoise worker that dies', () => {
  it('fails the callers it had; a new caller is refused for a moment, and then starts another', async () => {
    const { filter, time, metrics } = providerOf('./faulty-worker.mjs')
    const [first, second] = [filter.openSession(8000), filter.openSession(8000)]
    await expect(first.clean(new Int16Array(160))).rejects.toThrow('The denoise worker died: out of memory')
    await expect(second.clean(new Int16Array(160))).rejects.toThrow('The denoise worker died: out of memory')
    expect(() => filter.openSession(8000)).toThrow(/died a moment ago/)
    await time.advance(500)
    await expect(filter.openSession(8000).clean(new Int16Array(160))).rejects.toThrow('out of memory')
    expect(metrics.value('denoise_worker_deaths_total')).toBe(2)
    // Twice as long after the second.
    await time.advance(500)
    expect(() => filter.openSession(8000)).toThrow(/died a moment ago/)
    await filter.close()
  })

  it('after a long life is no longer one that dies as it starts', async () => {
    const { filter, time } = providerOf('./faulty-worker.mjs')
    const die = () =>
      expect(filter.openSession(8000).clean(new Int16Array(160))).rejects.toThrow('out of memory')
    await die()
    await time.advance(500)
    const session = filter.openSession(8000)
    await time.advance(31_000)
    await expect(session.clean(new Int16Array(160))).rejects.toThrow('out of memory')
    await time.advance(500)
    await die()
    await filter.close()
  })
})
