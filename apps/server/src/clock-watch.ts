import type { Clock, Logger, Metrics } from '@kav/core'
import type { ClockObserver } from './run-time-clock.ts'

/** A machine that stalls does so again and again: one line for each kind in this time. */
const TELL_EVERY_MS = 60_000

/** Counts what is odd about time, and tells of it now and then, with how often it was since the last line. */
export function createClockWatch(parts: {
  readonly log: Logger
  readonly metrics: Metrics
  readonly clock: Pick<Clock, 'nowMs'>
}): ClockObserver {
  const { log, metrics } = parts
  const stalls = createTeller(parts.clock)
  const clamps = createTeller(parts.clock)
  return {
    stalled(forMs) {
      metrics.count('process_stalls_total')
      metrics.count('process_stall_ms_total', Math.round(forMs))
      stalls((times) =>
        log.warn({ stood_ms: Math.round(forMs), times }, 'PROCESS: stood still, deadlines are put off'),
      )
    },
    clamped(delayMs, setMs) {
      metrics.count('clock_delays_clamped_total')
      clamps((times) =>
        log.warn({ asked_ms: String(delayMs), set_ms: setMs, times }, 'PROCESS: a delay no timer can keep'),
      )
    },
  }
}

function createTeller(clock: Pick<Clock, 'nowMs'>): (tell: (times: number) => void) => void {
  let times = 0
  let toldMs = -Infinity
  return (tell) => {
    times++
    if (clock.nowMs() - toldMs < TELL_EVERY_MS) return
    toldMs = clock.nowMs()
    tell(times)
    times = 0
  }
}
