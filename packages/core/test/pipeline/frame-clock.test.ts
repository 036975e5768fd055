import { describe, expect, it } from 'vitest'
import { createFrameClock, type FrameClockMember } from '../../src/pipeline/frame-clock.ts'
import { createManualClock } from './manual-clock.ts'

function member(
  parts: Partial<FrameClockMember> = {},
): FrameClockMember & { ticks: number[]; frames: number[] } {
  const ticks: number[] = []
  const frames: number[] = []
  return {
    ticks,
    frames,
    onTick(nowMs) {
      ticks.push(nowMs)
      parts.onTick?.(nowMs)
    },
    onFrame(nowMs) {
      frames.push(nowMs)
      parts.onFrame?.(nowMs)
    },
    onError: parts.onError ?? (() => undefined),
  }
}

describe('the frame clock', () => {
  it('ticks every 5 ms and gives each call its frame every 20 ms, on one grid', () => {
    const clock = createManualClock(1000)
    const wheel = createFrameClock(clock)
    const one = member()
    wheel.join(one)
    clock.step(100)
    expect(one.ticks).toEqual(Array.from({ length: 20 }, (_, i) => 1005 + 5 * i))
    expect(one.frames).toEqual([1020, 1040, 1060, 1080, 1100])
  })

  it('does not drift in an hour in which every timer is late', () => {
    const clock = createManualClock(1000)
    const late = {
      ...clock,
      nowMs: clock.nowMs,
      after: (ms: number, run: () => void) => clock.after(ms + 0.3 + (clock.nowMs() % 7) / 4, run),
    }
    const wheel = createFrameClock(late)
    const one = member()
    let frames = 0
    let worstMs = 0
    wheel.join({
      ...one,
      onTick: () => undefined,
      onFrame(nowMs) {
        frames++
        worstMs = Math.max(worstMs, nowMs - (1000 + 20 * frames))
      },
    })
    for (let second = 0; second < 3600; second++) clock.step(1000)
    expect(Math.abs(frames - 180_000)).toBeLessThanOrEqual(1)
    expect(worstMs).toBeLessThan(5)
  })

  it('waits for the rest when a timer fires a fraction early', () => {
    const clock = createManualClock(0)
    const wheel = createFrameClock({ ...clock, after: (ms, run) => clock.after(ms > 1 ? ms - 0.4 : ms, run) })
    const one = member()
    wheel.join(one)
    clock.step(200)
    expect(one.frames).toEqual([20, 40, 60, 80, 100, 120, 140, 160, 180, 200])
  })

  it.each([21, 100, 5000])(
    'runs each call once after a stall of %i ms, then goes on in the old grid',
    (stallMs) => {
      const clock = createManualClock(0)
      const wheel = createFrameClock(clock)
      const calls = Array.from({ length: 8 }, () => member())
      for (const one of calls) wheel.join(one)
      clock.step(40)
      const before = calls.map((one) => one.frames.length)
      clock.stall(stallMs)
      expect(calls.map((one, i) => one.frames.length - before[i]!)).toEqual(calls.map(() => 1))
      clock.step(1000)
      for (const one of calls) {
        expect(one.frames.at(-1)! - one.frames.at(-2)!).toBe(20)
        expect(one.frames.at(-1)! % 5).toBe(0)
      }
    },
  )

  it('spreads calls over the four slots and fills the slot that others left', () => {
    const clock = createManualClock(0)
    const wheel = createFrameClock(clock)
    const calls = Array.from({ length: 8 }, () => member())
    const leave = calls.map((one) => wheel.join(one))
    clock.step(20)
    const perTick = (group: typeof calls): number[] =>
      [5, 10, 15, 20].map((offset) => group.filter((one) => one.frames.at(-1)! % 20 === offset % 20).length)
    expect(perTick(calls)).toEqual([2, 2, 2, 2])
    leave[1]!()
    leave[5]!()
    const late = [member(), member()]
    for (const one of late) wheel.join(one)
    clock.step(20)
    expect(perTick([...calls.filter((_, i) => i !== 1 && i !== 5), ...late])).toEqual([2, 2, 2, 2])
    expect(wheel.members).toBe(8)
  })

  it('sleeps without calls and wakes for the next one', () => {
    const clock = createManualClock(0)
    const wheel = createFrameClock(clock)
    expect(clock.pending).toBe(0)
    const first = member()
    const leave = wheel.join(first)
    expect(clock.pending).toBe(1)
    leave()
    leave()
    expect(clock.pending).toBe(0)
    expect(wheel.members).toBe(0)
    clock.step(12_345)
    const second = member()
    wheel.join(second)
    clock.step(40)
    expect(first.ticks).toEqual([])
    expect(second.frames).toEqual([12_365, 12_385])
  })

  it('tells a member of its own error, and nobody else notices', () => {
    const clock = createManualClock(0)
    const wheel = createFrameClock(clock)
    const told: unknown[] = []
    const bad = member({
      onTick: () => {
        throw new Error('bad member')
      },
      onError(error) {
        told.push(error)
        throw new Error('and worse')
      },
    })
    const before = member()
    const after = member()
    for (const one of [before, bad, after]) wheel.join(one)
    clock.step(100)
    expect(told).toHaveLength(20)
    expect(before.ticks).toHaveLength(20)
    expect(after.ticks).toHaveLength(20)
    expect(after.frames).toHaveLength(5)
  })

  it('lets members leave inside a tick: the others run once, those who left not at all', () => {
    const clock = createManualClock(0)
    const wheel = createFrameClock(clock)
    const leave: (() => void)[] = []
    const calls: ReturnType<typeof member>[] = []
    for (let i = 0; i < 12; i++) {
      const one = member({
        onTick() {
          if (clock.nowMs() !== 20) return
          // A call that ends takes another with it, and itself.
          if (i === 4) for (const gone of [0, 4, 8]) leave[gone]!()
        },
      })
      calls.push(one)
      leave.push(wheel.join(one))
    }
    clock.step(20)
    for (const [i, one] of calls.entries()) {
      expect(new Set(one.ticks).size).toBe(one.ticks.length)
      expect(new Set(one.frames).size).toBe(one.frames.length)
      if (![0, 4, 8].includes(i)) expect(one.ticks).toEqual([5, 10, 15, 20])
    }
    expect([0, 4, 8].map((i) => calls[i]!.ticks.length)).toEqual([4, 4, 3])
    expect([0, 4, 8].map((i) => calls[i]!.frames)).toEqual([[20], [], []])
    const gone = calls[8]!.ticks.length
    clock.step(100)
    expect(calls[8]!.ticks).toHaveLength(gone)
    expect(calls[1]!.ticks).toHaveLength(24)
  })

  it('keeps turning when the last call leaves and the next joins inside one tick', () => {
    const clock = createManualClock(0)
    const wheel = createFrameClock(clock)
    const next = member()
    const leave = wheel.join(
      member({
        onFrame() {
          leave()
          wheel.join(next)
        },
      }),
    )
    clock.step(1000)
    expect(next.frames.length).toBeGreaterThanOrEqual(48)
    expect(clock.pending).toBe(1)
  })
})
