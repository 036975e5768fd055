import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { attempt, createDeferred, untilAborted } from '../../src/kit/index.ts'

describe('an attempt', () => {
  it('gives the outcome, and makes a rejection of what is thrown synchronously', async () => {
    await expect(attempt(() => 7)).resolves.toBe(7)
    await expect(attempt(() => Promise.resolve(8))).resolves.toBe(8)
    await expect(attempt(() => Promise.reject(new Error('later')))).rejects.toThrow('later')
    await expect(
      attempt(() => {
        throw new Error('at once')
      }),
    ).rejects.toThrow('at once')
  })
})

describe('work until a signal aborts', () => {
  it('gives the outcome, or what stands for it as soon as the signal aborts', async () => {
    const abort = new AbortController()
    const { signal } = abort
    await expect(untilAborted(signal, Promise.resolve(7), () => 'gone')).resolves.toBe(7)
    await expect(untilAborted(signal, Promise.reject(new Error('no')), () => 'gone')).rejects.toThrow('no')
    const work = createDeferred<number>()
    const quiet = untilAborted(signal, work.promise, () => undefined)
    const loud = untilAborted(signal, work.promise, () => {
      throw new Error('no longer wanted')
    })
    abort.abort()
    await expect(quiet).resolves.toBeUndefined()
    await expect(loud).rejects.toThrow('no longer wanted')
    // Vitest reports it when this rejection is left unhandled.
    work.reject(new Error('too late'))
    await expect(untilAborted(signal, Promise.resolve(7), () => 'gone')).resolves.toBe('gone')
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

describe('a deferred promise', () => {
  it('is settled from outside, once', async () => {
    const value = createDeferred<number>()
    value.resolve(1)
    value.reject(new Error('too late'))
    await expect(value.promise).resolves.toBe(1)
    const fault = createDeferred<number>()
    fault.reject(new Error('no'))
    await expect(fault.promise).rejects.toThrow('no')
  })
})
