import type { Clock } from '../../contracts/clock.ts'
import type { RealtimeEvent } from '../../contracts/realtime.ts'
import { createPushQueue, type PushQueue } from '../push-queue.ts'

/** The life of one session over all of its connections: its reader, and an end that comes once. */
export interface RealtimeLife {
  readonly state: 'open' | 'finishing' | 'over'
  readonly events: PushQueue<RealtimeEvent>
  /** Aborts when the session is over. */
  readonly ending: AbortSignal
  /** No more audio comes: `onLate` unless the session has ended within `limitMs`. */
  finishing(limitMs: number, onLate: () => void): void
  /** The reader gets what is queued, then the end. */
  end(): void
  /** The reader gets what is queued, then the error. */
  die(error: unknown): void
  /** The reader gets the end at once. */
  close(): Promise<void>
}

export interface RealtimeLifeOptions {
  readonly clock: Clock
  /** Closes the session when it aborts. */
  readonly signal: AbortSignal
  closeWire(): Promise<void>
}

export function createRealtimeLife({ clock, signal, closeWire }: RealtimeLifeOptions): RealtimeLife {
  const events = createPushQueue<RealtimeEvent>()
  const ending = new AbortController()
  let state: RealtimeLife['state'] = 'open'
  let cancelFinish: () => void = () => undefined

  function over(): boolean {
    if (state === 'over') return false
    state = 'over'
    cancelFinish()
    ending.abort()
    signal.removeEventListener('abort', drop)
    return true
  }
  async function close(): Promise<void> {
    over()
    events.discard()
    await closeWire()
  }
  function drop(): void {
    void close()
  }
  signal.addEventListener('abort', drop, { once: true })
  if (signal.aborted) drop()

  return {
    get state() {
      return state
    },
    events,
    ending: ending.signal,
    finishing(limitMs, onLate) {
      state = 'finishing'
      cancelFinish = clock.after(limitMs, onLate)
    },
    end() {
      if (!over()) return
      events.end()
      void closeWire()
    },
    die(error) {
      if (!over()) return
      events.fail(error)
      void closeWire()
    },
    close,
  }
}
