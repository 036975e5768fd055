import type { Worker } from './worker.ts'

/** Reports come each second: who has not said anything for so long is asked last. */
const LATE_AFTER_S = 3

type Silent = Pick<Worker, 'silentSeconds'>

export function isSilent({ silentSeconds }: Silent): boolean {
  return silentSeconds >= LATE_AFTER_S
}

/**
 * One more second without a report of any of them; returns those that have hung for `hangsAfterS`, and are to be ended,
 * each once. Seconds that this process itself misses do not count: its own standstill is nobody's fault.
 */
export function countSilence<T extends Silent>(workers: readonly T[], hangsAfterS: number): readonly T[] {
  for (const worker of workers) worker.silentSeconds++
  return workers.filter(({ silentSeconds }) => silentSeconds === hangsAfterS)
}
