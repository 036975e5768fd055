import type { Clock } from '../../contracts/clock.ts'
import type { TurnTimer } from './turn-state.ts'

/** The timers of the turn rules, one of each kind at a time. */
export interface TurnTimers {
  /** Anew, if it runs. */
  start(timer: TurnTimer, ms: number): void
  stop(timer: TurnTimer): void
  close(): void
}

export function createTurnTimers(clock: Clock, onTimer: (timer: TurnTimer) => void): TurnTimers {
  const running = new Map<TurnTimer, () => void>()

  function stop(timer: TurnTimer): void {
    running.get(timer)?.()
    running.delete(timer)
  }

  return {
    start(timer, ms) {
      stop(timer)
      const cancel = clock.after(ms, () => {
        running.delete(timer)
        onTimer(timer)
      })
      running.set(timer, cancel)
    },
    stop,
    close() {
      for (const cancel of running.values()) cancel()
      running.clear()
    },
  }
}
