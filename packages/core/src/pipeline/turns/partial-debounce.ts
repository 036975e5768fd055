import type { Clock } from '../../contracts/clock.ts'

/**
 * `PARTIAL_DEBOUNCE_MS`: a partial is published once it has stood unchanged this long, or a newer one replaced it.
 * A recogniser that repeats itself is published once. A final overtakes what still waits.
 */
export interface PartialDebounce {
  offer(text: string): void
  /** The segment is settled: what waits is dropped. */
  settle(): void
  /** The call ends: what waits is published, and so is at once whatever the recogniser still says. */
  close(): void
}

export function createPartialDebounce(
  clock: Clock,
  debounceMs: number,
  publish: (text: string) => void,
): PartialDebounce {
  let waiting: string | undefined
  let published = ''
  let cancel: (() => void) | undefined
  let closed = false

  function release(): void {
    cancel?.()
    cancel = undefined
    if (waiting === undefined) return
    published = waiting
    waiting = undefined
    publish(published)
  }

  return {
    offer(text) {
      if (text === '' || text === (waiting ?? published)) return
      release()
      waiting = text
      if (closed) release()
      else cancel = clock.after(debounceMs, release)
    },
    settle() {
      cancel?.()
      cancel = undefined
      waiting = undefined
      published = ''
    },
    close() {
      closed = true
      release()
    },
  }
}
