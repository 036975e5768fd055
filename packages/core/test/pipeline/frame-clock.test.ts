import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createFrameClock,
  type FrameClock,
  type FrameClockSeat,
  type Sleeper,
} from '../../src/pipeline/frame-clock.ts'
import { createManualClock } from './manual-clock.ts'

type Lane = 'rx' | 'tx' | 'deadline'

/** A member that notes its visits (in ms), and may do something at each. */
function join(
  wheel: FrameClock,
  onVisit: (lane: Lane, nowUs: number, seat: FrameClockSeat) => void = () => {},
) {
  const visits: { lane: Lane; atMs: number }[] = []
  const told: unknown[] = []
  const visit =
    (lane: Lane): Sleeper['onDue'] =>
    (nowUs) => {
      visits.push({ lane, atMs: nowUs / 1000 })
      onVisit(lane, nowUs, seat)
    }
  const seat = wheel.join((error) => void told.push(error))
  for (const lane of ['rx', 'tx', 'deadline'] as const) seat[lane].wakes({ onDue: visit(lane) })
  return { seat, visits, told, times: () => visits.map(({ atMs }) => atMs) }
}

const us = (ms: number): number => Math.round(ms * 1000)

describe('the frame clock', () => {
  it('visits a member on the first 5 ms tick after its alarm, once, and then no more', () => {
    const clock = createManualClock(1000)
    const wheel = createFrameClock(clock)
    const one = join(wheel)
    one.seat.rx.at(us(1012.3))
    one.seat.tx.at(us(1020))
    one.seat.deadline.at(us(1001))
    clock.step(10_000)
    expect(one.visits).toEqual([
      { lane: 'deadline', atMs: 1005 },
      { lane: 'rx', atMs: 1015 },
      { lane: 'tx', atMs: 1025 },
    ])
  })

  it('has no timer while nothing is due, and one while something is, however many calls there are', () => {
    const clock = createManualClock()
    const wheel = createFrameClock(clock)
    const calls = Array.from({ length: 200 }, () => join(wheel))
    expect(clock.pending).toBe(0)
    for (const { seat } of calls) seat.tx.at(us(clock.nowMs() + 500))
    expect(clock.pending).toBe(1)
    for (const { seat } of calls) seat.tx.never()
    clock.step(1000)
    expect(calls.every(({ visits }) => visits.length === 0)).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('visits exactly those that are due, whatever is set, moved, taken back, joined and left, and stalled', () => {
    const change = fc.record({
      seat: fc.nat(9),
      lane: fc.constantFrom<Lane>('rx', 'tx', 'deadline'),
      inMs: fc.option(fc.double({ min: 0, max: 90, noNaN: true })),
      leaves: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
      thenMs: fc.integer({ min: 0, max: 40 }),
      stall: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 80 }), (changes) => {
        const clock = createManualClock(1000)
        const wheel = createFrameClock(clock)
        const seats = Array.from({ length: 10 }, () => join(wheel))
        /** What is due when, by seat and lane. */
        const due = new Map<string, number>()
        const ran = (): void => {
          for (const [index, { visits }] of seats.entries()) {
            for (const { lane, atMs } of visits.splice(0)) {
              const key = `${index} ${lane}`
              expect(due.get(key)).toBeLessThan(us(atMs))
              expect(us(atMs) - due.get(key)!).toBeLessThan(us(45))
              due.delete(key)
            }
          }
          for (const dueUs of due.values()) expect(dueUs).toBeGreaterThan(us(clock.nowMs()) - us(5) - 2)
        }
        for (const { seat, lane, inMs, leaves, thenMs, stall } of changes) {
          const key = `${seat} ${lane}`
          if (leaves) {
            seats[seat]!.seat.leave()
            for (const other of ['rx', 'tx', 'deadline']) due.delete(`${seat} ${other}`)
            seats[seat] = join(wheel)
          } else if (inMs === null) {
            seats[seat]!.seat[lane].never()
            due.delete(key)
          } else {
            const dueUs = us(clock.nowMs() + inMs)
            seats[seat]!.seat[lane].at(dueUs)
            due.set(key, dueUs)
          }
          if (stall) clock.stall(thenMs)
          else clock.step(thenMs)
          ran()
        }
        expect(wheel.members).toBe(10)
        clock.step(200)
        ran()
        expect(due.size).toBe(0)
        expect(clock.pending).toBe(0)
      }),
    )
  })

  it('does not drift in an hour in which every timer is late', () => {
    const clock = createManualClock(1000)
    const late = {
      ...clock,
      nowMs: clock.nowMs,
      after: (ms: number, run: () => void) => clock.after(ms + 0.3 + (clock.nowMs() % 7) / 4, run),
    }
    let dueUs = us(1020)
    let worstUs = 0
    const one = join(createFrameClock(late), (_lane, nowUs, seat) => {
      worstUs = Math.max(worstUs, nowUs - dueUs)
      dueUs += us(20)
      seat.tx.at(dueUs)
    })
    one.seat.tx.at(dueUs)
    for (let second = 0; second < 3600; second++) clock.step(1000)
    expect(Math.abs(one.visits.length - 180_000)).toBeLessThanOrEqual(1)
    expect(worstUs).toBeLessThan(us(10))
  })

  it('waits for the rest when a timer fires a fraction early', () => {
    const clock = createManualClock(0)
    const early = {
      ...clock,
      after: (ms: number, run: () => void) => clock.after(ms > 1 ? ms - 0.4 : ms, run),
    }
    const one = join(createFrameClock(early), (_lane, nowUs, seat) => seat.tx.at(nowUs + us(15)))
    one.seat.tx.at(us(15))
    clock.step(100)
    expect(one.times()).toEqual([20, 40, 60, 80, 100])
  })

  it.each([21, 100, 5000])(
    'visits each once after a stall of %i ms, then goes on in the old grid',
    (stallMs) => {
      const clock = createManualClock(0)
      const wheel = createFrameClock(clock)
      const calls = Array.from({ length: 8 }, () =>
        join(wheel, (_lane, nowUs, seat) => seat.tx.at(Math.floor(nowUs / 20_000) * 20_000 + us(15))),
      )
      for (const { seat } of calls) seat.tx.at(us(20))
      clock.step(40)
      clock.stall(stallMs)
      expect(calls.map(({ visits }) => visits.length)).toEqual(calls.map(() => 3))
      clock.step(1000)
      for (const { visits } of calls) expect(visits.at(-1)!.atMs % 20).toBe(0)
    },
  )

  it('never visits on the running tick what is set during it', () => {
    const clock = createManualClock(0)
    const wheel = createFrameClock(clock)
    const later = join(wheel)
    const one = join(wheel, (_lane, nowUs, seat) => {
      if (nowUs > us(5)) return
      for (const alarm of [seat.rx, seat.tx, later.seat.tx, last.seat.tx]) alarm.at(nowUs)
    })
    const last = join(wheel)
    one.seat.rx.at(us(1))
    clock.step(100)
    expect(one.visits).toEqual([
      { lane: 'rx', atMs: 5 },
      { lane: 'rx', atMs: 10 },
      { lane: 'tx', atMs: 10 },
    ])
    expect(later.times()).toEqual([10])
    expect(last.times()).toEqual([10])
  })

  it('tells a member of its own error, and nobody else notices', () => {
    const clock = createManualClock(0)
    const wheel = createFrameClock(clock)
    const again = (_lane: Lane, nowUs: number, seat: FrameClockSeat): void => seat.rx.at(nowUs)
    const before = join(wheel, again)
    let told = 0
    const bad = wheel.join(() => {
      told++
      throw new Error('and worse')
    })
    bad.rx.wakes({
      onDue() {
        bad.rx.at(us(clock.nowMs()))
        throw new Error('bad member')
      },
    })
    const after = join(wheel, again)
    for (const { rx } of [before.seat, bad, after.seat]) rx.at(us(1))
    clock.step(100)
    expect([before.visits.length, told, after.visits.length]).toEqual([20, 20, 20])
  })

  it('lets members leave inside a tick: those who left are not visited, nor is whoever takes their seat', () => {
    const clock = createManualClock(0)
    const wheel = createFrameClock(clock)
    let next: ReturnType<typeof join> | undefined
    const calls: ReturnType<typeof join>[] = Array.from({ length: 12 }, (_, i) =>
      join(wheel, () => {
        // A call that ends takes another with it, and itself.
        if (i !== 4) return
        for (const gone of [0, 4, 8]) calls[gone]!.seat.leave()
        next = join(wheel)
      }),
    )
    for (const { seat } of calls) seat.rx.at(us(20))
    clock.step(100)
    expect(calls.map(({ visits }) => visits.length)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1])
    expect(next!.visits).toEqual([])
    calls[4]!.seat.rx.at(us(clock.nowMs()))
    calls[4]!.seat.leave()
    clock.step(100)
    expect(calls[4]!.visits).toHaveLength(1)
    expect(wheel.members).toBe(10)
    expect(clock.pending).toBe(0)
  })
})
