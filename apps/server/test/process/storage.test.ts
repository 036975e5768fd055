import { createFakeClock, createTestMetrics } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { createStorage } from '../../src/process/storage.ts'

function hanging() {
  let end: () => void = () => undefined
  const promise = new Promise<void>((resolve) => (end = resolve))
  return { promise, end: () => end() }
}

describe('the way to the disk', () => {
  it('is taken by so many at a time, in the order they came', async () => {
    const storage = createStorage({ atATime: 2 })
    const began: number[] = []
    const jobs = [hanging(), hanging(), hanging(), hanging()]
    const done = jobs.map((job, index) =>
      storage.run(() => {
        began.push(index)
        return job.promise
      }),
    )
    await Promise.resolve()
    expect(began).toEqual([0, 1])
    jobs[1]!.end()
    await done[1]
    await Promise.resolve()
    expect(began).toEqual([0, 1, 2])
    jobs.forEach((job) => job.end())
    await Promise.all(done)
    expect(began).toEqual([0, 1, 2, 3])
    expect(storage.pending).toBe(0)
  })

  it('closes what was opened, however late that is and however much waits', async () => {
    const time = createFakeClock()
    const storage = createStorage({ atATime: 1, maxPending: 1, limitMs: 1000, clock: time.clock })
    const job = hanging()
    const held = storage.run(() => job.promise)
    let closed = false
    const told = Promise.allSettled([held, storage.letGo(async () => void (closed = true))])
    await time.advance(1000)
    expect((await told).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(closed).toBe(false)
    job.end()
    expect(await storage.settled(1000)).toBe(true)
    expect(closed).toBe(true)
  })

  it('refuses at once what would wait without end', async () => {
    const storage = createStorage({ atATime: 1, maxPending: 2 })
    const job = hanging()
    const held = [storage.run(() => job.promise), storage.run(() => job.promise)]
    await expect(storage.run(() => job.promise)).rejects.toThrow('too slow')
    job.end()
    await Promise.all(held)
  })

  it('lets nobody wait for ever, and takes no more threads than its own for what hangs', async () => {
    const time = createFakeClock()
    const metrics = createTestMetrics()
    const storage = createStorage({ atATime: 1, limitMs: 1000, clock: time.clock, metrics })
    const job = hanging()
    let began = 0
    const held = storage.run(() => job.promise)
    const behind = storage.run(async () => void began++)
    const told = Promise.allSettled([held, behind])
    await time.advance(1000)
    expect((await told).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(metrics.value('storage_given_up_total')).toBe(2)
    // It still hangs in the system: its place is not free.
    const next = storage.run(async () => 'written')
    expect(storage.pending).toBe(2)
    job.end()
    expect(await next).toBe('written')
    expect(began).toBe(0)
  })

  it('has patience without end for who wants it, until he does not', async () => {
    const time = createFakeClock()
    const storage = createStorage({ atATime: 1, clock: time.clock })
    const job = hanging()
    const until = new AbortController()
    const held = storage.runUntil(until.signal, () => job.promise)
    const behind = storage.runUntil(until.signal, async () => undefined)
    await time.advance(3_600_000)
    expect(storage.pending).toBe(2)
    until.abort()
    const outcomes = await Promise.allSettled([
      held,
      behind,
      storage.runUntil(until.signal, async () => undefined),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    job.end()
    await storage.settled(1)
    expect(storage.pending).toBe(0)
  })

  it('is free again after a failure', async () => {
    const storage = createStorage({ atATime: 1 })
    await expect(storage.run(() => Promise.reject(new Error('ENOSPC')))).rejects.toThrow('ENOSPC')
    expect(await storage.run(async () => 'written')).toBe('written')
  })

  it('says whether all is written within a time', async () => {
    const storage = createStorage()
    expect(await storage.settled(1)).toBe(true)
    const job = hanging()
    const held = storage.run(() => job.promise)
    expect(await storage.settled(1)).toBe(false)
    const settled = storage.settled(60_000)
    job.end()
    expect(await settled).toBe(true)
    await held
  })
})
