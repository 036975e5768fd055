import type { Clock, ProviderError, SttEvent } from '@kav/core'
import { createPushQueue, type PushQueue } from '@kav/core/kit'
import type { RawStream } from './raw-stream.ts'

/** The life of one session: its stream, its one timer, its reader, and an end that comes once, whoever brings it. */
export interface SessionLife {
  readonly events: PushQueue<SttEvent>
  readonly stream: RawStream | undefined
  readonly over: boolean
  /** The stream is up. `false`: the session had ended before, and so does the stream. */
  begin(stream: RawStream): boolean
  /** Runs `callback` after `delayMs` unless the session ends or the next one is set before. */
  setTimer(delayMs: number, callback: () => void): void
  /** The reader gets what is queued, then the end. */
  end(): void
  /** The reader gets what is queued, then the error. Returns whether this was the end. */
  fail(error: ProviderError): boolean
  /** The reader gets the end at once. */
  discard(): void
}

export function createSessionLife(options: {
  readonly clock: Clock
  /** Discards the session when it aborts. */
  readonly signal: AbortSignal
  /** Called once, at whichever end comes first. */
  onOver(): void
}): SessionLife {
  const { clock, signal } = options
  // A reader that falls behind wants the newest partial, not all of them.
  const events = createPushQueue<SttEvent>({
    supersedes: (next, last) => next.type === 'partial' && last.type === 'partial',
  })
  let stream: RawStream | undefined
  let over = false
  let stopTimer: () => void = () => undefined

  function settle(): boolean {
    if (over) return false
    over = true
    stopTimer()
    signal.removeEventListener('abort', discard)
    options.onOver()
    stream?.cancel()
    return true
  }

  function discard(): void {
    settle()
    events.discard()
  }

  return {
    events,
    get stream() {
      return stream
    },
    get over() {
      return over
    },
    begin(opened) {
      stream = opened
      if (over || signal.aborted) {
        opened.cancel()
        discard()
        return false
      }
      signal.addEventListener('abort', discard, { once: true })
      return true
    },
    setTimer(delayMs, callback) {
      stopTimer()
      if (!over) stopTimer = clock.after(delayMs, callback)
    },
    end() {
      if (settle()) events.end()
    },
    fail(error) {
      if (!settle()) return false
      events.fail(error)
      return true
    },
    discard,
  }
}
