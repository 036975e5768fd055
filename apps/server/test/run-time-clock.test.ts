import { describe, expect, it } from 'vitest'
import { createClockWatch } from '../src/clock-watch.ts'
import { createRunTimeClock, MAX_DELAY_MS, type NativeTime } from '../src/run-time-clock.ts'

/** Time as the event loop sees it: timers, then what is read from sockets, then `nextTurn`, turn after turn. */
function createLoop() {
  let nowMs = 1000
  let timers: { readonly dueMs: number; readonly callback: () => void }[] = []
  const immediates: (() => void)[] = []
  /** What lies in the sockets, read one layer a turn. */
  const sockets: (() => void)[] = []

  function turn(): void {
    const due = timers.filter(({ dueMs }) => dueMs <= nowMs).toSorted((a, b) => a.dueMs - b.dueMs)
    for (const timer of due) {
      if (!timers.includes(timer)) continue
      timers = timers.filter((other) => other !== timer)
      timer.callback()
    }
    sockets.shift()?.()
    for (const callback of immediates.splice(0)) callback()
  }

  function turns(): void {
    do turn()
    while (immediates.length > 0 || timers.some(({ dueMs }) => dueMs <= nowMs))
  }

  const native: NativeTime = {
    nowMs: () => nowMs,
    wallMs: () => nowMs,
    setTimer(delayMs, callback) {
      // As Node does it.
      const timer = { dueMs: nowMs + (delayMs > MAX_DELAY_MS ? 1 : delayMs), callback }
      timers.push(timer)
      return () => void (timers = timers.filter((other) => other !== timer))
    },
    nextTurn: (callback) => void immediates.push(callback),
  }
  return {
    native,
    sockets,
    /** Runs for so long, without standing still. */
    run(ms: number): void {
      for (const untilMs = nowMs + ms; nowMs < untilMs; nowMs++) turns()
      turns()
    },
    /** SIGSTOP, and SIGCONT so much later. */
    stop(ms: number): void {
      nowMs += ms
      turns()
    },
  }
}

function createClock() {
  const loop = createLoop()
  const stalls: number[] = []
  const clamps: [number, number][] = []
  const clock = createRunTimeClock(loop.native, {
    stalled: (forMs) => stalls.push(forMs),
    clamped: (...delays) => clamps.push(delays),
  })
  /** The times, on the monotonic clock from the start, at which it fired. */
  function timer(delayMs: number): number[] {
    const firedMs: number[] = []
    clock.after(delayMs, () => firedMs.push(clock.nowMs() - 1000))
    return firedMs
  }
  /** The wheel of a call that is up: something is due every 20 ms. */
  function pace(): void {
    clock.after(20, pace)
  }
  return { ...loop, clock, stalls, clamps, timer, pace }
}

describe('the clock of the process', () => {
  it('fires in time while the process runs, and not once it was cancelled', () => {
    const { run, clock, timer } = createClock()
    const fired = timer(100)
    const cancel = clock.after(50, () => expect.unreachable())
    cancel()
    cancel()
    run(99)
    expect(fired).toEqual([])
    run(1)
    expect(fired).toEqual([100])
  })

  it('lets what lies in the sockets be read before a deadline that ran out meanwhile', () => {
    const { stop, clock, sockets } = createClock()
    const told: string[] = []
    clock.after(1000, () => told.push('too late'))
    // The answer comes through layers that take a turn each.
    sockets.push(
      () => undefined,
      () => undefined,
      () => told.push('answer'),
    )
    stop(5000)
    expect(told).toEqual(['answer', 'too late'])
  })

  it('does not fire what the answer has cancelled', () => {
    const { stop, clock, sockets } = createClock()
    const cancel = clock.after(1000, () => expect.unreachable())
    sockets.push(cancel)
    stop(5000)
  })

  for (const stoppedMs of [300, 1000, 5000, 12_000]) {
    it(`gives a deadline back what a stop of ${stoppedMs} ms took of it`, () => {
      const { run, stop, pace, timer, stalls } = createClock()
      pace()
      const short = timer(700)
      const long = timer(30_000)
      run(600)
      stop(stoppedMs)
      expect(short).toEqual([])
      run(50)
      expect(short).toEqual([])
      run(29_400)
      expect(stalls).toHaveLength(1)
      // The stop is noticed by the pace, up to 20 ms after it began.
      expect(short[0]).toBeGreaterThanOrEqual(700 + stoppedMs - 20)
      expect(short[0]).toBeLessThanOrEqual(700 + stoppedMs)
      expect(long[0]).toBeGreaterThanOrEqual(30_000 + stoppedMs - 20)
    })
  }

  it('counts the time of a stop once, however many deadlines it hits', () => {
    const { run, stop, timer, clock, stalls } = createClock()
    const all = Array.from({ length: 50 }, (_, index) => timer(index + 1))
    stop(5000)
    run(100)
    expect(all.every((fired) => fired.length === 1)).toBe(true)
    expect(stalls).toEqual([4999])
    expect(clock.stoodStillMs?.()).toBe(4999)
  })

  it('fires the others when one throws', () => {
    const { stop, run, clock, timer } = createClock()
    clock.after(100, () => {
      throw new Error('of a plugin')
    })
    const fired = timer(100)
    expect(() => stop(5000)).toThrow('of a plugin')
    run(1)
    expect(fired).toHaveLength(1)
  })

  it('keeps no delay that no timer can keep, and fires none of them at once', () => {
    const { run, timer, clamps } = createClock()
    const far = [MAX_DELAY_MS + 1, 1e300, Infinity, NaN].map(timer)
    const past = timer(-5)
    timer(MAX_DELAY_MS)
    run(1000)
    expect(far.flat()).toEqual([])
    expect(past).toEqual([0])
    expect(clamps).toEqual([
      [MAX_DELAY_MS + 1, MAX_DELAY_MS],
      [1e300, MAX_DELAY_MS],
      [Infinity, MAX_DELAY_MS],
      [NaN, MAX_DELAY_MS],
      [-5, 0],
    ])
  })
})

describe('what is odd about time', () => {
  it('is counted each time and told now and then', () => {
    const lines: unknown[] = []
    const counts: string[] = []
    let nowMs = 0
    const watch = createClockWatch({
      log: { warn: (fields: unknown) => lines.push(fields) } as never,
      metrics: { count: (name: string) => counts.push(name) } as never,
      clock: { nowMs: () => nowMs },
    })
    watch.stalled(300)
    watch.stalled(400)
    nowMs = 61_000
    watch.stalled(500.4)
    watch.clamped(Infinity, MAX_DELAY_MS)
    expect(lines).toEqual([
      { stood_ms: 300, times: 1 },
      { stood_ms: 500, times: 2 },
      { asked_ms: 'Infinity', set_ms: MAX_DELAY_MS, times: 1 },
    ])
    expect(counts.filter((name) => name === 'process_stalls_total')).toHaveLength(3)
    expect(counts).toContain('clock_delays_clamped_total')
  })
})
