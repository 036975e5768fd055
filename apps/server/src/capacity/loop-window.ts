import { monitorEventLoopDelay } from 'node:perf_hooks'

/** A timer's own period; what comes beyond it is lateness. */
const RESOLUTION_MS = 10
const NS_PER_MS = 1e6

/** How late the event loop of this process is, from `begin` on. */
export function createLoopWindow() {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  return {
    begin(): void {
      delay.enable()
      delay.reset()
    },
    /** @returns ms, of so many percent of what the process did at the most. */
    lateMs: (percent: number): number => Math.max(0, delay.percentile(percent) / NS_PER_MS - RESOLUTION_MS),
  }
}
