import { describe, expect, it } from 'vitest'
import { timedIteration } from '../../src/kit/timed-iteration.ts'
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
