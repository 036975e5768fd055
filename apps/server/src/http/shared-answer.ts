import type { Clock } from '@kav/core'

/**
 * One answer for all who ask within `keptMs` of its beginning, so that asking costs nothing. One that failed is given
 * to those who waited for it, and made anew for the next.
 */
export function sharedAnswer<T>(
  clock: Pick<Clock, 'nowMs'>,
  keptMs: number,
  make: () => Promise<T>,
): () => Promise<T> {
  let made: { readonly answer: Promise<T>; readonly untilMs: number } | undefined
  return () => {
    const nowMs = clock.nowMs()
    if (!made || nowMs >= made.untilMs) {
      const fresh = { answer: make(), untilMs: nowMs + keptMs }
      fresh.answer.catch(() => {
        if (made === fresh) made = undefined
      })
      made = fresh
    }
    return made.answer
  }
}
