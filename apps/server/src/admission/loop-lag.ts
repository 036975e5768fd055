import { monitorEventLoopDelay } from 'node:perf_hooks'

/** How late the event loop was, told once a second for the life of the process. */
export interface LoopLag {
  /** `listener` is told the 90th percentile of the last second, in ms, until the returned function is called. */
  onSecond(listener: (p90Ms: number) => void): () => void
}

const SECOND_MS = 1000
/** A timer's own period; what comes beyond it is lateness. */
const RESOLUTION_MS = 10
const NS_PER_MS = 1e6

export function watchLoopLag(): LoopLag {
  const listeners = new Set<(p90Ms: number) => void>()
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  setInterval(() => {
    const p90Ms = Math.max(0, delay.percentile(90) / NS_PER_MS - RESOLUTION_MS)
    delay.reset()
    for (const listener of listeners) listener(p90Ms)
  }, SECOND_MS).unref()
  return {
    onSecond(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
