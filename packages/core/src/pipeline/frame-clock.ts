import type { Clock } from '../contracts/clock.ts'
import { nowUs, US_PER_MS } from '../kit/whole-us.ts'

/**
 * The one clock of all calls of the process: a wheel on an absolute 5 ms grid of the monotonic clock. No call has a
 * timer of its own, and lateness never accumulates.
 *
 * It visits only who has something due. Each member sits at a seat with three alarms (`rx`, `tx`, `deadline`), each
 * one moment in whole microseconds kept in a typed array by seat; a tick scans the arrays and calls the members that
 * are due. Whoever makes work sets the alarm. With nothing due in the next tick there is no tick, and with nothing
 * due at all there is no timer.
 */
export interface FrameClock {
  /** Takes a seat. Nothing is due at it until one of its alarms is set. */
  join(member: FrameClockMember): FrameClockSeat
  readonly members: number
}

/** Each is called once for each time its alarm is due, with the monotonic clock; the alarm is off then. */
export interface FrameClockMember {
  onRxDue(nowUs: number): void
  onTxDue(nowUs: number): void
  onDeadline(nowUs: number): void
  /** One of them threw; the other members go on. */
  onError(error: unknown): void
}

export interface FrameClockSeat {
  readonly rx: Alarm
  readonly tx: Alarm
  readonly deadline: Alarm
  /** Nothing is due here any more. Doing it twice is harmless. */
  leave(): void
}

/** When a member is visited next: one moment, which may be moved at will. */
export interface Alarm {
  /** On the first tick after `dueUs`; never on the tick that is running. */
  at(dueUs: number): void
  never(): void
}

export const TICK_MS = 5
const TICK_US = TICK_MS * US_PER_MS

const LANES = ['onRxDue', 'onTxDue', 'onDeadline'] as const
const FIRST_SEATS = 64

export function createFrameClock(clock: Clock): FrameClock {
  const wheel = new Wheel(clock)
  return {
    join: (member) => wheel.join(member),
    get members() {
      return wheel.members
    },
  }
}

class Wheel {
  members = 0
  readonly #clock: Clock
  /** One array a lane: when each seat is due, `Infinity` for nothing. */
  #due = LANES.map(() => new Float64Array(FIRST_SEATS).fill(Infinity))
  #seated: (FrameClockMember | undefined)[] = []
  #free: number[] = []
  /** The last tick that ran, on the grid. */
  #tickUs = -Infinity
  /** The tick that the timer is set for, `Infinity` without one. */
  #wakeUs = Infinity
  #turning = false
  #cancelTimer = (): void => undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  join(member: FrameClockMember): FrameClockSeat {
    const seat = this.#free.pop() ?? this.#seated.length
    if (seat === this.#due[0]!.length) this.#addSeats()
    this.#seated[seat] = member
    this.members++
    let left = false
    const [rx, tx, deadline] = LANES.map((_, lane) => new SeatAlarm(this, lane, seat, () => left))
    return {
      rx: rx!,
      tx: tx!,
      deadline: deadline!,
      leave: () => {
        if (left) return
        left = true
        this.#leave(seat)
      },
    }
  }

  set(lane: number, seat: number, dueUs: number): void {
    // Never on the tick that is running: who is visited would otherwise depend on the order of the seats.
    this.#due[lane]![seat] = this.#turning && dueUs < this.#tickUs ? this.#tickUs : dueUs
    if (!this.#turning && dueUs < this.#wakeUs) this.#sleepUntil(dueUs)
  }

  #leave(seat: number): void {
    for (const lane of this.#due) lane[seat] = Infinity
    this.#seated[seat] = undefined
    this.#free.push(seat)
    this.members--
    if (this.members > 0 || this.#turning) return
    this.#cancelTimer()
    this.#wakeUs = Infinity
  }

  #addSeats(): void {
    this.#due = this.#due.map((lane) => {
      const larger = new Float64Array(lane.length * 2).fill(Infinity)
      larger.set(lane)
      return larger
    })
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
    this.#tickUs = now - (now % TICK_US)
    this.#turning = true
    for (let seat = 0; seat < this.#seated.length; seat++) {
      for (let lane = 0; lane < LANES.length; lane++) {
        if (this.#due[lane]![seat]! < this.#tickUs) this.#visit(lane, seat, now)
      }
    }
    this.#turning = false
    const nextUs = this.#earliest()
    if (nextUs < Infinity) this.#sleepUntil(nextUs)
  }

  #visit(lane: number, seat: number, now: number): void {
    this.#due[lane]![seat] = Infinity
    const member = this.#seated[seat]!
    try {
      member[LANES[lane]!](now)
    } catch (error) {
      tellError(member, error)
    }
  }

  #earliest(): number {
    let earliest = Infinity
    for (const lane of this.#due) {
      for (let seat = 0; seat < this.#seated.length; seat++) {
        if (lane[seat]! < earliest) earliest = lane[seat]!
      }
    }
    return earliest
  }
}

/** A class: there are three to a call, and one of them is set for every frame. */
class SeatAlarm implements Alarm {
  readonly #wheel: Wheel
  readonly #lane: number
  readonly #seat: number
  readonly #hasLeft: () => boolean

  constructor(wheel: Wheel, lane: number, seat: number, hasLeft: () => boolean) {
    this.#wheel = wheel
    this.#lane = lane
    this.#seat = seat
    this.#hasLeft = hasLeft
  }

  at(dueUs: number): void {
    if (!this.#hasLeft()) this.#wheel.set(this.#lane, this.#seat, dueUs)
  }

  never(): void {
    this.at(Infinity)
  }
}

/** A member that cannot even be told of its error must not stop the wheel for the others. */
function tellError(member: FrameClockMember, error: unknown): void {
  try {
    member.onError(error)
  } catch {
    // Nobody is left to tell.
  }
}
