import { asProviderError, ProviderError, type Clock, type SttEvent } from '@kav/core'
import { createPushQueue, type PushQueue } from '@kav/core/kit'
import type { RealtimeSocket } from '../realtime/realtime-socket.ts'
import { createSessionTimers } from '../session-timers.ts'

/** The life of one transcription: its socket, its timers, its reader, and an end that comes once. */
export interface TranscriptionLife {
  readonly state: 'open' | 'finishing' | 'over'
  readonly events: PushQueue<SttEvent>
  /** Absent until it is open: events may come in before. */
  readonly socket: RealtimeSocket | undefined
  /** Runs `callback` unless the session ends before. Returns what cancels it. */
  after(delayMs: number, callback: () => void): () => void
  /** Takes the socket; one that comes too late is closed. */
  opened(socket: RealtimeSocket): Promise<void>
  nowFinishing(): void
  /** The reader gets what is queued, then the end. */
  end(): void
  /** The reader gets what is queued, then the error; the end, when nothing was left to hear. */
  die(error: ProviderError): void
  /** The reader gets the end at once. */
  close(): Promise<void>
}

export function createTranscriptionLife(options: {
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly doing: string
  /** After `finish`: whether all has been heard. */
  isAllHeard(): boolean
}): TranscriptionLife {
  const { signal } = options
  const events = createPushQueue<SttEvent>()
  const timers = createSessionTimers(options.clock, (thrown) => die(asProviderError(thrown, options.doing)))
  let state: TranscriptionLife['state'] = 'open'
  let socket: RealtimeSocket | undefined

  function over(): void {
    state = 'over'
    timers.clear()
    signal.removeEventListener('abort', abort)
  }

  function die(error: ProviderError): void {
    if (state === 'over') return
    // With nothing left to hear, a line that goes away took nothing with it.
    const tookNothing = state === 'finishing' && options.isAllHeard()
    over()
    if (tookNothing) events.end()
    else events.fail(error)
    void socket?.close()
  }

  function abort(): void {
    die(new ProviderError('cancelled', `${options.doing}: cancelled`))
  }

  return {
    get state() {
      return state
    },
    events,
    get socket() {
      return socket
    },
    after: timers.after,
    async opened(open) {
      socket = open
      if (state === 'over') await open.close()
      else signal.addEventListener('abort', abort, { once: true })
    },
    nowFinishing() {
      state = 'finishing'
    },
    end() {
      over()
      events.end()
    },
    die,
    async close() {
      over()
      events.discard()
      await socket?.close()
    },
  }
}
