import type { Clock, ProviderError, SttEvent } from '@kav/core'
import { createDeferred, createPushQueue, type PushQueue } from '@kav/core/kit'

type Phase = 'opening' | 'open' | 'finishing' | 'over'

/** The life of one session: its phase, its timers, its reader, and an end that comes once, whoever brings it. */
export interface SessionLife {
  readonly phase: Phase
  readonly events: PushQueue<SttEvent>
  /** Resolves when the session is open; rejects when it ends before. */
  readonly opened: Promise<void>
  /** For opening, then for finishing. */
  readonly timer: SessionTimer
  /** For a connection that is lost and made anew. */
  readonly reconnectTimer: SessionTimer
  /** The connection is up; later ones are no news. */
  nowOpen(): void
  nowFinishing(): void
  /** The reader gets what is queued, then the end. */
  end(): void
  /** The reader gets what is queued, then the error. Returns whether this was the end. */
  fail(error: ProviderError): boolean
  /** The reader gets the end at once. */
  discard(): void
}

/** Set anew it forgets what it was set to; it ends with the session. */
export interface SessionTimer {
  set(delayMs: number, callback: () => void): void
  clear(): void
}

export function createSessionLife(options: {
  readonly clock: Clock
  /** Discards the session when it aborts. */
  readonly signal: AbortSignal
  /** What an opening that is discarded rejects with. */
  readonly cancelled: ProviderError
  /** Called once, at whichever end comes first. */
  onOver(): void
}): SessionLife {
  const { clock, signal } = options
  // A slow reader wants the newest words only.
  const events = createPushQueue<SttEvent>({
    supersedes: (next, last) => next.type === 'partial' && last.type === 'partial',
  })
  const opened = createDeferred<void>()
  let phase: Phase = 'opening'
  const timer = createTimer(clock)
  const reconnectTimer = createTimer(clock)

  function over(): boolean {
    if (phase === 'over') return false
    phase = 'over'
    timer.clear()
    reconnectTimer.clear()
    signal.removeEventListener('abort', discard)
    options.onOver()
    return true
  }

  function discard(): void {
    over()
    events.discard()
    opened.reject(options.cancelled)
  }

  signal.addEventListener('abort', discard, { once: true })
  return {
    get phase() {
      return phase
    },
    events,
    opened: opened.promise,
    timer,
    reconnectTimer,
    nowOpen() {
      if (phase !== 'opening') return
      phase = 'open'
      timer.clear()
      opened.resolve()
    },
    nowFinishing() {
      phase = 'finishing'
    },
    end() {
      if (over()) events.end()
    },
    fail(error) {
      if (!over()) return false
      events.fail(error)
      opened.reject(error)
      return true
    },
    discard,
  }
}

function createTimer(clock: Clock): SessionTimer {
  let stop: () => void = () => undefined
  return {
    set(delayMs, callback) {
      stop()
      stop = clock.after(delayMs, callback)
    },
    clear: () => stop(),
  }
}
