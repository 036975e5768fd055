import type { Clock } from '../contracts/clock.ts'
import { stoodStillMs } from '../kit/run-ms.ts'
import { toUs } from '../kit/whole-us.ts'
import type { Alarm, Sleeper } from './frame-clock.ts'

/** When one of several users of a seat's alarm is visited next. */
export interface AlarmPart {
  at(dueUs: number): void
  never(): void
}

/**
 * One seat's alarm for several users, each with a moment of its own. They wait for answers of others, so time in which
 * the process stood still does not count: a moment is put off by it.
 */
export interface SharedAlarm {
  /** A part of the alarm: `onDue` is called when its moment has come, and it is off then. */
  part(onDue: (nowUs: number) => void): AlarmPart
}

export function createSharedAlarm(alarm: Alarm, clock: Clock): SharedAlarm {
  return new Shared(alarm, clock)
}

class Shared implements SharedAlarm, Sleeper {
  readonly #alarm: Alarm
  readonly #clock: Clock
  readonly #parts: Part[] = []
  /** What the seat's alarm is set for. */
  #earliestUs = Infinity

  constructor(alarm: Alarm, clock: Clock) {
    this.#alarm = alarm
    this.#clock = clock
    alarm.wakes(this)
  }

  part(onDue: (nowUs: number) => void): AlarmPart {
    const part = new Part(this, onDue)
    this.#parts.push(part)
    return part
  }

  onDue(nowUs: number): void {
    this.#earliestUs = Infinity
    for (const part of this.#parts) {
      if (part.dueUs > nowUs || part.putOff(nowUs)) continue
      part.dueUs = Infinity
      part.onDue(nowUs)
    }
    this.moved()
  }

  stoodStillUs(): number {
    return toUs(stoodStillMs(this.#clock))
  }

  /** One of the parts has another moment now. */
  moved(): void {
    let earliest = Infinity
    for (const part of this.#parts) if (part.dueUs < earliest) earliest = part.dueUs
    if (earliest === this.#earliestUs) return
    this.#earliestUs = earliest
    this.#alarm.at(earliest)
  }
}

class Part implements AlarmPart {
  dueUs = Infinity
  readonly onDue: (nowUs: number) => void
  readonly #whole: Shared
  /** By the time its moment was set. */
  #stoodStillUs = 0

  constructor(whole: Shared, onDue: (nowUs: number) => void) {
    this.#whole = whole
    this.onDue = onDue
  }

  at(dueUs: number): void {
    if (dueUs === this.dueUs) return
    this.dueUs = dueUs
    this.#stoodStillUs = this.#whole.stoodStillUs()
    this.#whole.moved()
  }

  /** Its moment has come, but for time in which the process stood still: then it is a later one. */
  putOff(nowUs: number): boolean {
    const stoodStillUs = this.#whole.stoodStillUs()
    this.dueUs += stoodStillUs - this.#stoodStillUs
    this.#stoodStillUs = stoodStillUs
    return this.dueUs > nowUs
  }

  never(): void {
    this.at(Infinity)
  }
}
