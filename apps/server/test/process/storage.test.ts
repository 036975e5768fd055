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

  it('refuses at once what would wait without end', async () => {
    const storage = createStorage({ atATime: 1, maxPending: 2 })
    const job = hanging()
    const held = [storage.run(() => job.promise), storage.run(() => job.promise)]
    await expect(storage.run(() => job.promise)).rejects.toThrow('too slow')
    job.end()
    await Promise.all(held)
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
