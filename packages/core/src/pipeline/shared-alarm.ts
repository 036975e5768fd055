import type { Alarm, Sleeper } from './frame-clock.ts'

/** When one of several users of a seat's alarm is visited next. */
export interface AlarmPart {
  at(dueUs: number): void
  never(): void
}

/** One seat's alarm for several users, each with a moment of its own. */
export interface SharedAlarm {
  /** A part of the alarm: `onDue` is called when its moment has come, and it is off then. */
  part(onDue: (nowUs: number) => void): AlarmPart
}

export function createSharedAlarm(alarm: Alarm): SharedAlarm {
  return new Shared(alarm)
}

class Shared implements SharedAlarm, Sleeper {
  readonly #alarm: Alarm
  readonly #parts: Part[] = []
  /** What the seat's alarm is set for. */
  #earliestUs = Infinity

  constructor(alarm: Alarm) {
    this.#alarm = alarm
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
      if (part.dueUs > nowUs) continue
      part.dueUs = Infinity
      part.onDue(nowUs)
    }
    this.moved()
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

  constructor(whole: Shared, onDue: (nowUs: number) => void) {
    this.#whole = whole
    this.onDue = onDue
  }

  at(dueUs: number): void {
    if (dueUs === this.dueUs) return
    this.dueUs = dueUs
    this.#whole.moved()
  }

  never(): void {
    this.at(Infinity)
  }
}
