import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { ProviderError } from '../../src/index.ts'
import { delay, settleWithin, withDeadline } from '../../src/kit/deadline.ts'
import { createPartialDebounce } from '../../src/pipeline/turns/partial-debounce.ts'
import { timedIteration } from '../../src/kit/timed-iteration.ts'
import { createFakeClock } from '../../src/testing/index.ts'

const never = new Promise<never>(() => undefined)

describe('waiting with a deadline', () => {
  it('ends a delay as soon as its signal aborts, and leaves no timer', async () => {
    const time = createFakeClock()
    const abort = new AbortController()
    let done = 0
    void delay(time.clock, 1000, abort.signal).then(() => done++)
    abort.abort()
    await time.settle()
    void delay(time.clock, 1000, abort.signal).then(() => done++)
    await time.settle()
    expect(done).toBe(2)
    expect(time.pending()).toBe(0)
  })

  it('gives the outcome, a timeout, or the cancellation, whichever comes first', async () => {
    const time = createFakeClock()
    const abort = new AbortController()
    const { clock } = time
    await expect(withDeadline(clock, 100, 'a', Promise.resolve(7))).resolves.toBe(7)
    await expect(withDeadline(clock, 100, 'a', Promise.reject(new Error('no')))).rejects.toThrow('no')
    const late = withDeadline(clock, 100, 'opening', never).catch((error: unknown) => error)
    const cancelled = withDeadline(clock, 5000, 'opening', never, abort.signal).catch(
      (error: unknown) => error,
    )
    await time.advance(100)
    expect(await late).toMatchObject({ class: 'timeout', message: 'opening: no answer within 100 ms' })
    abort.abort()
    expect(await cancelled).toMatchObject({ class: 'cancelled' })
    expect(await withDeadline(clock, 5000, 'b', never, abort.signal).catch(String)).toContain('cancelled')
    expect(time.pending()).toBe(0)
  })

  it('leaves no listener on a signal that lives as long as the call', async () => {
    const time = createFakeClock()
    const { signal } = new AbortController()
    for (let i = 0; i < 3; i++) {
      await withDeadline(time.clock, 100, 'a', Promise.resolve(), signal)
      const late = withDeadline(time.clock, 100, 'a', never, signal).catch(() => undefined)
      const waited = delay(time.clock, 50, signal)
      await time.advance(100)
      await Promise.all([late, waited])
    }
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('is not held up by a clean-up that fails or hangs', async () => {
    const time = createFakeClock()
    await settleWithin(time.clock, 100, Promise.reject(new Error('no')))
    const hangs = settleWithin(time.clock, 100, never)
    await time.advance(100)
    await hangs
    expect(time.pending()).toBe(0)
  })
})

describe('a provider’s stream with deadlines', () => {
  async function collect(source: AsyncIterable<number>, steps: readonly number[] = [], abortAt = Infinity) {
    const time = createFakeClock()
    const abort = new AbortController()
    const limits = { clock: time.clock, firstMs: 300, idleMs: 100, what: 'llm', signal: abort.signal }
    const got: number[] = []
    let outcome = ''
    const run = (async () => {
      for await (const item of timedIteration(source, limits)) got.push(item)
    })().then(
      () => (outcome = 'ended'),
      (error: Error) => (outcome = error.message),
    )
    for (const [i, ms] of steps.entries()) {
      if (i === abortAt) abort.abort()
      await time.advance(ms)
    }
    await run
    return { got, outcome, pending: time.pending() }
  }

  it('passes the items on and ends with the source', async () => {
    const source = (async function* () {
      yield 1
      yield 2
    })()
    expect(await collect(source)).toEqual({ got: [1, 2], outcome: 'ended', pending: 0 })
  })

  it.each([
    ['that says nothing', 0, 'llm: nothing for 300 ms', 300],
    ['that stalls later', 2, 'llm: nothing for 100 ms', 100],
  ])('gives up on a source %s and tells it to stop', async (_what, items, message, waitMs) => {
    let returned = 0
    let next = 0
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => (next < items ? Promise.resolve({ done: false as const, value: next++ }) : never),
        return: () => {
          returned++
          return never
        },
      }),
    }
    const result = await collect(source, [waitMs])
    expect(result.outcome).toBe(message)
    expect(result.got).toHaveLength(items)
    expect(returned).toBe(1)
    expect(result.pending).toBe(0)
  })

  it('ends quietly on abort although the source never answers', async () => {
    const source = { [Symbol.asyncIterator]: () => ({ next: () => never }) }
    expect(await collect(source, [50, 0], 1)).toEqual({ got: [], outcome: 'ended', pending: 0 })
  })

  it.each<[string, AsyncIterable<number>]>([
    [
      'next',
      {
        [Symbol.asyncIterator]: () => ({
          next: () => {
            throw new ProviderError('bad-data', 'thrown')
          },
          return: () => {
            throw new Error('again')
          },
        }),
      },
    ],
    [
      'the iteration itself',
      {
        [Symbol.asyncIterator]: () => {
          throw new ProviderError('bad-data', 'thrown')
        },
      },
    ],
  ])(
    'takes what is thrown synchronously by %s for a failure, and leaves no timer',
    async (_where, source) => {
      expect(await collect(source)).toEqual({ got: [], outcome: 'thrown', pending: 0 })
    },
  )
})

describe('the partial debounce', () => {
  function create() {
    const time = createFakeClock()
    const published: string[] = []
    return {
      time,
      published,
      debounce: createPartialDebounce(time.clock, 90, (text) => published.push(text)),
    }
  }

  it('publishes a partial once it has stood still, and at once when a newer one replaces it', async () => {
    const { time, published, debounce } = create()
    debounce.offer('a')
    await time.advance(89)
    expect(published).toEqual([])
    debounce.offer('a b')
    expect(published).toEqual(['a'])
    await time.advance(90)
    expect(published).toEqual(['a', 'a b'])
  })

  it('publishes what is repeated once, and nothing empty', async () => {
    const { time, published, debounce } = create()
    for (const text of ['', 'a', 'a']) debounce.offer(text)
    await time.advance(100)
    debounce.offer('a')
    await time.advance(100)
    expect(published).toEqual(['a'])
  })

  it('publishes what waits as it closes, and whatever comes then at once', () => {
    const { time, published, debounce } = create()
    debounce.offer('a')
    debounce.close()
    expect(published).toEqual(['a'])
    debounce.offer('a b')
    expect(published).toEqual(['a', 'a b'])
    expect(time.pending()).toBe(0)
  })

  it('drops what a final overtakes, and leaves no timer', async () => {
    const { time, published, debounce } = create()
    debounce.offer('a')
    debounce.settle()
    expect(time.pending()).toBe(0)
    await time.advance(100)
    expect(published).toEqual([])
    debounce.offer('a')
    await time.advance(100)
    expect(published).toEqual(['a'])
  })
})
