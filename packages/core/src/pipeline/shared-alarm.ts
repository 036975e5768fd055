import type { Alarm } from './frame-clock.ts'

/** One seat's alarm for several users, each with a moment of its own. */
export interface SharedAlarm {
  /** A part of the alarm: `onDue` is called when its moment has come, and it is off then. */
  part(onDue: (nowUs: number) => void): Alarm
  /** What the seat's alarm was set for. */
  onDue(nowUs: number): void
}

export function createSharedAlarm(alarm: Alarm): SharedAlarm {
  const dues: number[] = []
  const handlers: ((nowUs: number) => void)[] = []
  const setEarliest = (): void => alarm.at(Math.min(...dues))
  return {
    part(onDue) {
      const index = dues.push(Infinity) - 1
      handlers.push(onDue)
      const at = (dueUs: number): void => {
        dues[index] = dueUs
        setEarliest()
      }
      return { at, never: () => at(Infinity) }
    },
    onDue(nowUs) {
      for (let index = 0; index < dues.length; index++) {
        if (dues[index]! > nowUs) continue
        dues[index] = Infinity
        handlers[index]!(nowUs)
      }
      setEarliest()
    },
  }
}
