import { describe, expect, it } from 'vitest'
import { createOneNodeDirectory } from '../../src/host.ts'
import { MAX_ONCE_MS } from '../../src/index.ts'
import { OnceMemory } from '../../src/kit/index.ts'
import { createFakeClock, testContext } from '../../src/testing/index.ts'

describe('keys that are used once', () => {
  it('may be used again when their time is over', async () => {
    const fake = createFakeClock()
    const memory = new OnceMemory(fake.clock, () => undefined)
    expect(memory.use('a', 1000)).toBe(true)
    await fake.advance(999)
    expect(memory.use('a', 1000)).toBe(false)
    await fake.advance(1)
    expect(memory.use('a', 1000)).toBe(true)
  })

  it('are forgotten early, and counted, when there are too many', () => {
    let early = 0
    const memory = new OnceMemory(createFakeClock().clock, () => early++)
    for (let key = 0; key < 100_001; key++) memory.use(String(key), MAX_ONCE_MS)
    expect(early).toBe(1)
    expect(memory.use('1', 1000)).toBe(false)
    expect(memory.use('0', 1000)).toBe(true)
  })
})

describe('the directory of one node', () => {
  it('answers at once', () => {
    const directory = createOneNodeDirectory({ ...testContext(), node: 'one' })
    expect(
      directory.claim({ id: 'CA1', pipeline: 'p' }, { maxCalls: 0, maxCallsOfNumber: 0 }),
    ).not.toBeInstanceOf(Promise)
    expect(directory.once('a', 1000)).toBe(true)
    expect(directory.pace('AC1', { burst: 1, perSecond: 1 })).toEqual({ go: true })
  })

  it('counts who is refused, and tells of a watcher that failed', () => {
    const context = testContext()
    const directory = createOneNodeDirectory({ ...context, node: 'one' })
    directory.watch(() => {
      throw new Error('broken')
    })
    directory.add({ id: 'CA1', pipeline: 'p' })
    void directory.claim({ id: 'CA2', pipeline: 'p' }, { maxCalls: 1, maxCallsOfNumber: 0 })
    expect(context.metrics.value('directory_claims_refused_total', { by: 'fleet' })).toBe(1)
    expect(context.log.entries).toMatchObject([{ level: 'error', message: 'DIRECTORY: a watcher failed' }])
  })
})
