import { asProviderError, ProviderError, type Clock, type RealtimeEvent } from '@kav/core'
import { createPushQueue, type PushQueue } from '@kav/core/kit'
import { createSessionTimers } from '../session-timers.ts'

/** The life of one session over all of its connections: its timers, its reader, and an end that comes once. */
export interface SpeechLife {
  readonly state: 'open' | 'finishing' | 'over'
  readonly isOver: boolean
  readonly events: PushQueue<RealtimeEvent>
  /** Aborts when the session is over. */
  readonly ending: AbortSignal
  /** Runs `callback` unless the session ends before. Returns what cancels it. */
  after(delayMs: number, callback: () => void): () => void
  /** Resolves after that time, or when the session is over. */
  pause(delayMs: number): Promise<void>
  nowFinishing(): void
  /** The reader gets what is queued, then the end. */
  end(): void
  /** The reader gets what is queued, then the error. */
  die(error: ProviderError): void
  /** The reader gets the end at once. */
  close(): Promise<void>
}

export function createSpeechLife(options: {
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly doing: string
  closeLines(): Promise<void>
}): SpeechLife {
  const { signal } = options
  const events = createPushQueue<RealtimeEvent>()
  const ending = new AbortController()
  const timers = createSessionTimers(options.clock, (thrown) => die(asProviderError(thrown, options.doing)))
  let state: SpeechLife['state'] = 'open'

  /** Whether this was the end. */
  function over(): boolean {
    if (state === 'over') return false
    state = 'over'
    ending.abort()
    timers.clear()
    signal.removeEventListener('abort', abort)
    return true
  }

  function die(error: ProviderError): void {
    if (!over()) return
    events.fail(error)
    void options.closeLines()
  }

  function abort(): void {
    die(new ProviderError('cancelled', `${options.doing}: cancelled`))
  }
  signal.addEventListener('abort', abort, { once: true })

  return {
    get state() {
      return state
    },
    get isOver() {
      return state === 'over'
    },
    events,
    ending: ending.signal,
    after: timers.after,
    pause: (delayMs) =>
      new Promise((resolve) => {
        timers.after(delayMs, resolve)
        ending.signal.addEventListener('abort', () => resolve(), { once: true })
      }),
    nowFinishing() {
      state = 'finishing'
    },
    end() {
      if (!over()) return
      events.end()
      void options.closeLines()
    },
    die,
    async close() {
      over()
      events.discard()
      await options.closeLines()
    },
  }
}
