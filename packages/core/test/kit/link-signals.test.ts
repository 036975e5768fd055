import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { linkSignals, streamUnderSignals, underSignals } from '../../src/kit/link-signals.ts'

const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length

describe('a signal of several', () => {
  it('aborts with the first of them, for its reason', () => {
    const [one, other] = [new AbortController(), new AbortController()]
    const { signal } = linkSignals(one.signal, other.signal)
    expect(signal.aborted).toBe(false)
    other.abort('left')
    one.abort('late')
    expect([signal.aborted, signal.reason]).toEqual([true, 'left'])
  })

  it('is aborted from the start where one of them is', () => {
    const { signal } = linkSignals(new AbortController().signal, AbortSignal.abort('closed'))
    expect([signal.aborted, signal.reason]).toEqual([true, 'closed'])
  })

  it('leaves nothing on those that live on, however many were made of them', () => {
    const closing = new AbortController()
    for (let count = 0; count < 100; count++) {
      const { signal, unlink } = linkSignals(new AbortController().signal, closing.signal)
      expect(listeners(closing.signal)).toBe(1)
      unlink()
      unlink()
      expect(signal.aborted).toBe(false)
    }
    expect(listeners(closing.signal)).toBe(0)
    // What Node.js remembers of `AbortSignal.any` stands under a symbol of its own.
    const remembered = Object.getOwnPropertySymbols(closing.signal).filter((symbol) =>
      /dependant/i.test(String(symbol)),
    )
    expect(remembered).toEqual([])
  })

  it('lasts as long as the work that it is for', async () => {
    const closing = new AbortController()
    const given = await underSignals([closing.signal], async (signal) => {
      await Promise.resolve()
      expect(listeners(closing.signal)).toBe(1)
      return signal
    })
    expect(listeners(closing.signal)).toBe(0)
    closing.abort()
    expect(given.aborted).toBe(false)
    await expect(
      underSignals([closing.signal], (signal) => Promise.reject(new Error(String(signal.aborted)))),
    ).rejects.toThrow('true')
    expect(listeners(closing.signal)).toBe(0)
  })

  it('lasts as long as the stream that it is for, also where that is left', async () => {
    const closing = new AbortController()
    const given: AbortSignal[] = []
    const stream = () =>
      streamUnderSignals([closing.signal], async function* (signal) {
        given.push(signal)
        yield 1
        yield 2
      })
    for await (const one of stream()) {
      expect([one, listeners(closing.signal)]).toEqual([1, 1])
      break
    }
    expect(listeners(closing.signal)).toBe(0)
    for await (const one of stream()) if (one === 2) closing.abort()
    expect(given.map(({ aborted }) => aborted)).toEqual([false, true])
    expect(listeners(closing.signal)).toBe(0)
  })
})
