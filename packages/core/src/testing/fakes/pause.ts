import type { Clock } from '../../contracts/index.ts'

/** Waits `ms` of the clock's time, or for ever when `ms` is not finite. Resolves early, to `false`, when `signal` aborts. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve(false)
    const onAbort = () => {
      cancel()
      resolve(false)
    }
    const cancel = Number.isFinite(ms)
      ? clock.after(ms, () => {
          signal?.removeEventListener('abort', onAbort)
          resolve(true)
        })
      : () => {}
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
