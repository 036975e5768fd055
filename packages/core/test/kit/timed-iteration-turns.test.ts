import { describe, expect, it } from 'vitest'
import { timedIteration, untimedIteration } from '../../src/kit/timed-iteration.ts'
import { createFakeClock } from '../../src/testing/index.ts'

const limits = () => ({
  clock: createFakeClock().clock,
  firstMs: 1000,
  idleMs: 1000,
  what: 'voice',
  signal: new AbortController().signal,
})

describe('a source that never pauses', () => {
  it('leaves the event loop its turns', async () => {
    let turns = 0
    let isOver = false
    const count = (): void => {
      turns++
      if (!isOver) setImmediate(count)
    }
    setImmediate(count)
    async function* numbers() {
      for (let index = 0; index < 10_000; index++) yield index
    }
    const read: number[] = []
    for await (const number of timedIteration(numbers(), limits())) read.push(number)
    isOver = true
    expect(read).toEqual(Array.from({ length: 10_000 }, (_, index) => index))
    expect(turns).toBeGreaterThanOrEqual(10)
  })

  it('is told to stop at an item that is at fault, and the fault is thrown', async () => {
    let isStopped = false
    async function* numbers() {
      try {
        for (let index = 0; ; index++) yield index
      } finally {
        isStopped = true
      }
    }
    const fault = new Error('three') as never
    const read: number[] = []
    const reading = async (): Promise<void> => {
      const judged = timedIteration(numbers(), limits(), (number) => (number === 3 ? fault : undefined))
      for await (const number of judged) read.push(number)
    }
    await expect(reading()).rejects.toBe(fault)
    expect(read).toEqual([0, 1, 2])
    expect(isStopped).toBe(true)
  })
})

describe('a source that cannot be looked at', () => {
  const thrown = new Error('nobody looks at this')
  const refuse = (): never => {
    throw thrown
  }
  const giving = <T>(step: unknown): AsyncIterable<T> => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(step as IteratorResult<T>) }),
  })

  it.each<[string, AsyncIterable<Uint8Array>]>([
    ['a step whose "done" throws', giving(Object.defineProperty({ value: 1 }, 'done', { get: refuse }))],
    ['a step whose "value" throws', giving(Object.defineProperty({ done: false }, 'value', { get: refuse }))],
    ['an item that throws at whoever judges it', giving({ done: false, value: proxied(refuse) })],
    ['a "then" that throws', giving(Object.defineProperty({}, 'then', { get: refuse }))],
  ])('throws at whoever reads it, and leaves nobody waiting: %s', async (_what, source) => {
    const stream = timedIteration(source, limits(), (item) => (item.length === 0 ? undefined : undefined))
    await expect(stream.next()).rejects.toBe(thrown)
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })

  it('is left although it does not let itself be stopped, without a deadline, too', async () => {
    const hanging: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: false, value: 7 }),
        return: () => new Promise<never>(() => undefined),
      }),
    }
    const { clock } = createFakeClock()
    for await (const item of untimedIteration(hanging, { clock, what: 'voice' })) {
      expect(item).toBe(7)
      break
    }
  })
})

function proxied(get: () => never): Uint8Array {
  return new Proxy(new Uint8Array(1), { get })
}
