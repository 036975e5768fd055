import type { Clock } from '../contracts/clock.ts'
import type { Metrics } from '../contracts/metrics.ts'
import { nowUs, US_PER_MS } from '../kit/whole-us.ts'

/**
 * The one clock of all calls of the process: a wheel on an absolute 5 ms grid of the monotonic clock. No call has a
 * timer of its own, and lateness never accumulates.
 *
 * It visits only who has something due. Each member sits at a seat with three alarms (`rx`, `tx`, `deadline`), each
 * one moment in whole microseconds kept in a typed array by seat; a tick scans the arrays and calls the members that
 * are due. Whoever makes work sets the alarm. With nothing due in the next tick there is no tick, and with nothing
 * due at all there is no timer.
 *
 * After a stall (the process was stopped or starved) media goes on from now: `rx` and `tx` resync by themselves, and
 * that is counted here.
 */
export interface FrameClock {
  /**
   * Takes a seat. Nothing is due at it until one of its alarms is set. `onError` hears of a throw of whoever an alarm
   * wakes; the others go on.
   */
  join(onError: (error: unknown) => void): FrameClockSeat
  readonly members: number
}

export interface FrameClockSeat {
  readonly rx: Alarm
  readonly tx: Alarm
  readonly deadline: Alarm
  /** Nothing is due here any more. Doing it twice is harmless. */
  leave(): void
}

/** When somebody is visited next: one moment, which may be moved at will. */
export interface Alarm {
  /** Who is visited: said once, before the alarm is set. */
  wakes(sleeper: Sleeper): void
  /** On the first tick after `dueUs`; never on the tick that is running. */
  at(dueUs: number): void
  never(): void
}

/** An object, not a function: a visit reads as little memory as can be. */
export interface Sleeper {
  /** Called once for each time its alarm is due, with the monotonic clock; the alarm is off then. */
  onDue(nowUs: number): void
}

export const TICK_MS = 5
const TICK_US = TICK_MS * US_PER_MS
/** A tick that comes this late comes after a stall. */
const STALL_US = 250 * US_PER_MS

const FIRST_SEATS = 64

export function createFrameClock(clock: Clock, metrics?: Metrics): FrameClock {
  return new Wheel(clock, metrics)
}

/** One kind of alarm, by seat: when each is due (`Infinity` for nothing), and whom it wakes. */
class Lane {
  due = new Float64Array(FIRST_SEATS).fill(Infinity)
  readonly sleepers: (Sleeper | undefined)[] = []

  addSeats(): void {
    const larger = new Float64Array(this.due.length * 2).fill(Infinity)
    larger.set(this.due)
    this.due = larger
  }

  leave(seat: number): void {
    this.due[seat] = Infinity
    this.sleepers[seat] = undefined
  }

  earliest(seats: number): number {
    let earliest = Infinity
    for (let seat = 0; seat < seats; seat++) if (this.due[seat]! < earliest) earliest = this.due[seat]!
    return earliest
  }
}

class Wheel implements FrameClock {
  members = 0
  readonly #clock: Clock
  readonly #metrics: Metrics | undefined
  readonly #rx = new Lane()
  readonly #tx = new Lane()
  readonly #deadline = new Lane()
  readonly #onError: ((error: unknown) => void)[] = []
  #free: number[] = []
  /** The last tick that ran, on the grid. */
  #tickUs = -Infinity
  /** The tick that the timer is set for, `Infinity` without one. */
  #wakeUs = Infinity
  #turning = false
  #cancelTimer = (): void => undefined

  constructor(clock: Clock, metrics: Metrics | undefined) {
    this.#clock = clock
    this.#metrics = metrics
  }

  join(onError: (error: unknown) => void): FrameClockSeat {
    const seat = this.#free.pop() ?? this.#onError.length
    const lanes = [this.#rx, this.#tx, this.#deadline] as const
    if (seat === this.#rx.due.length) for (const lane of lanes) lane.addSeats()
    this.#onError[seat] = onError
    this.members++
    const alarms = lanes.map((lane) => new SeatAlarm(this, lane, seat))
    const [rx, tx, deadline] = alarms as [SeatAlarm, SeatAlarm, SeatAlarm]
    return {
      rx,
      tx,
      deadline,
      leave: () => {
        if (rx.gone) return
        for (const alarm of alarms) alarm.gone = true
        for (const lane of lanes) lane.leave(seat)
        this.#leave(seat)
      },
    }
  }

  set(lane: Lane, seat: number, dueUs: number): void {
    // Never on the tick that is running: who is visited would otherwise depend on the order of the seats.
    lane.due[seat] = this.#turning && dueUs < this.#tickUs ? this.#tickUs : dueUs
    if (!this.#turning && dueUs < this.#wakeUs) this.#sleepUntil(dueUs)
  }

  #leave(seat: number): void {
    this.#onError[seat] = nobody
    this.#free.push(seat)
    this.members--
    if (this.members > 0 || this.#turning) return
    this.#cancelTimer()
    this.#wakeUs = Infinity
  }

  #sleepUntil(dueUs: number): void {
    const wakeUs = Math.max((Math.floor(dueUs / TICK_US) + 1) * TICK_US, this.#tickUs + TICK_US)
    if (wakeUs >= this.#wakeUs) return
    this.#cancelTimer()
    this.#wakeUs = wakeUs
    const delayMs = Math.max(0, (wakeUs - nowUs(this.#clock)) / US_PER_MS)
    this.#cancelTimer = this.#clock.after(delayMs, () => this.#wake())
  }

  #wake(): void {
    const now = nowUs(this.#clock)
    const asked = this.#wakeUs
    this.#wakeUs = Infinity
    // A timer may fire a fraction early: then this tick is not there yet.
    if (now < asked) return this.#sleepUntil(asked - 1)
    const tickUs = now - (now % TICK_US)
    this.#tickUs = tickUs
    this.#turning = true
    const seats = this.#onError.length
    if (now - asked > STALL_US) this.#countResync(now - asked)
    for (let seat = 0; seat < seats; seat++) {
      if (this.#rx.due[seat]! < tickUs) this.#visit(this.#rx, seat, now)
      if (this.#tx.due[seat]! < tickUs) this.#visit(this.#tx, seat, now)
      if (this.#deadline.due[seat]! < tickUs) this.#visit(this.#deadline, seat, now)
    }
    this.#turning = false
    const nextUs = this.#earliest()
    if (nextUs < Infinity) this.#sleepUntil(nextUs)
  }

  #countResync(stoodUs: number): void {
    this.#metrics?.count('media_resyncs_total')
    this.#metrics?.count('media_resync_ms_total', Math.round(stoodUs / US_PER_MS))
  }

  #visit(lane: Lane, seat: number, now: number): void {
    lane.due[seat] = Infinity
    try {
      lane.sleepers[seat]!.onDue(now)
    } catch (error) {
      tellError(this.#onError[seat]!, error)
    }
  }

  #earliest(): number {
    const seats = this.#onError.length
    return Math.min(this.#rx.earliest(seats), this.#tx.earliest(seats), this.#deadline.earliest(seats))
  }
}

/** A class: there are three to a call, and one of them is set for every frame. */
class SeatAlarm implements Alarm {
  gone = false
  readonly #wheel: Wheel
  readonly #lane: Lane
  readonly #seat: number

  constructor(wheel: Wheel, lane: Lane, seat: number) {
    this.#wheel = wheel
    this.#lane = lane
    this.#seat = seat
  }

  wakes(sleeper: Sleeper): void {
    if (!this.gone) this.#lane.sleepers[this.#seat] = sleeper
  }

  at(dueUs: number): void {
    if (!this.gone) this.#wheel.set(this.#lane, this.#seat, dueUs)
  }

  never(): void {
    this.at(Infinity)
  }
}

/** At a free seat. */
function nobody(): void {}

/** Who cannot even be told of an error must not stop the wheel for the others. */
function tellError(onError: (error: unknown) => void, error: unknown): void {
  try {
    onError(error)
  } catch {
    // Nobody is left to tell.
  }
}
