import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createArrivalTimes } from '../../src/pipeline/arrival-times.ts'

const PIECE_MS = 512
const KEPT = 128

/** What it tells, by all that was ever told it. */
function createModel() {
  const frames: { readonly endMs: number; readonly laterMs: number }[] = []
  const pieceOf = (ms: number): number => Math.floor(ms / PIECE_MS)
  return {
    arrived: (endMs: number, nowMs: number) => void frames.push({ endMs, laterMs: nowMs - endMs }),
    between(fromMs: number, toMs: number) {
      const newest = pieceOf(frames.at(-1)!.endMs)
      const last = Math.min(pieceOf(toMs), newest)
      const begun = newest - KEPT + 1
      if (fromMs > toMs || pieceOf(fromMs) < begun || pieceOf(fromMs) > newest) return undefined
      const behind = frames.filter(({ endMs }) => pieceOf(endMs) >= pieceOf(fromMs))
      const within = behind.filter(({ endMs }) => pieceOf(endMs) <= last)
      const later = (some: typeof frames): number[] => some.map(({ laterMs }) => laterMs)
      return { fromMs: fromMs + Math.min(...later(behind)), toMs: toMs + Math.max(...later(within)) }
    },
  }
}

describe('when sound was heard', () => {
  it('is told of the newest 65 s, however late the line was and however long the process runs', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 300, maxLength: 1000 })
    fc.assert(
      fc.property(pauses, fc.integer({ min: 0, max: 10 ** 9 }), fc.nat(), (frames, startMs, asked) => {
        const times = createArrivalTimes(8)
        const model = createModel()
        let endMs = 0
        let nowMs = startMs
        for (const pauseMs of frames) {
          // Every piece gets a frame of its own: one that passes over some came as one.
          endMs += 128
          nowMs += pauseMs
          times.arrived(endMs * 8, nowMs)
          model.arrived(endMs, nowMs)
        }
        const fromMs = asked % endMs
        const toMs = Math.min(endMs, fromMs + (asked % 3000))
        expect(times.between(fromMs * 8, toMs * 8)).toEqual(model.between(fromMs, toMs))
      }),
      { numRuns: 200 },
    )
  })

  it('is told of a long frame as of one', () => {
    const times = createArrivalTimes(1)
    times.arrived(20_000, 50_000)
    times.arrived(20_020, 50_500)
    expect(times.between(10_000, 10_500)).toEqual({ fromMs: 40_000, toMs: 40_500 })
    expect(times.between(20_010, 20_020)).toEqual({ fromMs: 50_010, toMs: 50_500 })
  })
})
