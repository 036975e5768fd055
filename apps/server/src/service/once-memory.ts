import type { Clock, Metrics } from '@kav/core'

/** Calls that begin within the time that any key is remembered stay far below. Some 20 MB. */
const MAX_REMEMBERED = 100_000

/**
 * Remembers what may be used once: for all pipelines of the process, and longer than any of them lives, since files
 * are read anew while what they gave out is still on its way.
 */
export function createOnceMemory(
  clock: Pick<Clock, 'nowMs'>,
  metrics: Metrics,
): (key: string, withinMs: number) => boolean {
  const untilMs = new Map<string, number>()

  function forget(nowMs: number): void {
    for (const [key, endMs] of untilMs) {
      if (endMs > nowMs && untilMs.size < MAX_REMEMBERED) return
      if (endMs > nowMs) metrics.count('once_keys_forgotten_early_total')
      untilMs.delete(key)
    }
  }

  return (key, withinMs) => {
    const nowMs = clock.nowMs()
    const endMs = untilMs.get(key)
    if (endMs !== undefined && endMs > nowMs) return false
    untilMs.delete(key)
    forget(nowMs)
    untilMs.set(key, nowMs + withinMs)
    return true
  }
}
