import { testContext } from '@kav/core/testing'
import { expect, it } from 'vitest'
import { createRnnoiseProvider } from '../../src/denoise/denoise-provider.ts'

const READY_LATER = new URL('./gated-worker.mjs', import.meta.url)

it('gives a caller to a worker that is ready, and starts the next one before it is needed', async () => {
  const context = testContext()
  const filter = createRnnoiseProvider({ ...context, workers: 2, workerUrl: READY_LATER })
  await filter.warm?.()
  const sessions = Array.from({ length: 9 }, () => filter.openSession(8000))
  const heard = async (session: (typeof sessions)[number]): Promise<number> => {
    const piece = new Int16Array(1)
    await session.clean(piece)
    return piece[0]!
  }
  // Of each worker a session's number tells which it was there.
  expect(await Promise.all(sessions.map(heard))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  // The eighth has begun the second one.
  await expect.poll(() => heard(filter.openSession(8000)), { interval: 100 }).toBe(1)
  await filter.close()
})
