import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBadLine, type LineSettings } from '../../src/phone/engine/bad-line.ts'

const settings = fc.record<LineSettings>({
  lossShare: fc.double({ min: 0, max: 1, noNaN: true }),
  jitterMs: fc.integer({ min: 0, max: 500 }),
  delayMs: fc.integer({ min: 0, max: 1000 }),
})

/** Sends a frame each 20 ms, every fifth a word that is none, and returns what arrived when. */
function run(seed: number, line: LineSettings, count: number) {
  const arrivals: { message: number; atMs: number }[] = []
  let nowMs = 0
  const bad = createBadLine<number>(seed, (message) => arrivals.push({ message, atMs: nowMs }))
  bad.set(line)
  const lost: number[] = []
  for (let message = 0; message < count; message++) {
    nowMs = message * 20
    bad.deliver(nowMs)
    if (!bad.push(nowMs, message, message % 5 !== 0)) lost.push(message)
  }
  for (; bad.underWay > 0; nowMs += 5) bad.deliver(nowMs)
  return { arrivals, lost }
}

describe('a bad line', () => {
  it('loses or delivers each message once, in order, none before its delay and none after its jitter', () => {
    fc.assert(
      fc.property(fc.integer(), settings, (seed, line) => {
        const { arrivals, lost } = run(seed, line, 100)
        expect([...arrivals.map(({ message }) => message), ...lost].toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: 100 }, (_, message) => message),
        )
        expect(arrivals.map(({ message }) => message)).toEqual(
          arrivals.map(({ message }) => message).toSorted((a, b) => a - b),
        )
        // Only audio is lost.
        expect(lost.filter((message) => message % 5 === 0)).toEqual([])
        for (const { message, atMs } of arrivals) {
          const lateMs = atMs - message * 20
          expect(lateMs).toBeGreaterThanOrEqual(line.delayMs)
          // It is looked at each 20 ms; one that is late holds up those behind it.
          expect(lateMs).toBeLessThanOrEqual(line.delayMs + line.jitterMs + 20)
        }
      }),
    )
  })

  it('does the same for the same seed, and something else for another', () => {
    const line = { lossShare: 0.2, jitterMs: 100, delayMs: 50 }
    expect(run(7, line, 200)).toEqual(run(7, line, 200))
    expect(run(7, line, 200).lost).not.toEqual(run(8, line, 200).lost)
  })

  it('draws as many numbers whatever it is set to: more loss loses the same frames and others', () => {
    const some = run(3, { lossShare: 0.1, jitterMs: 0, delayMs: 0 }, 500).lost
    const more = run(3, { lossShare: 0.3, jitterMs: 200, delayMs: 100 }, 500).lost
    expect(some.length).toBeGreaterThan(20)
    expect(more).toEqual(expect.arrayContaining(some))
    expect(more.length).toBeGreaterThan(some.length)
  })

  it('that is good holds nothing up', () => {
    const { arrivals } = run(1, { lossShare: 0, jitterMs: 0, delayMs: 0 }, 50)
    expect(arrivals.map(({ message, atMs }) => atMs - message * 20)).toEqual(Array(50).fill(0))
  })
})
