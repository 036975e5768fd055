import type { Clock } from '@kav/core'

/** A signal that is aborted after so long; `cancel` when the work is done. */
export function timedSignal(clock: Clock, limitMs: number): { readonly signal: AbortSignal; cancel(): void } {
  const late = new AbortController()
  const cancel = clock.after(limitMs, () => late.abort())
  return { signal: late.signal, cancel }
}
