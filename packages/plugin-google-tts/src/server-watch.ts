import type { Clock } from '@kav/core'

/**
 * Whether the server of one stream still answers: text was sent, or the end asked for, and nothing at all came back
 * within the limit. Then the stream is dead, or its connection half-open. Not counted while we pause it ourselves.
 */
export interface ServerWatch {
  /** Something was sent: an answer is due. */
  asked(): void
  /** The end was asked for: something must come until it does. */
  askedLast(): void
  /** Nothing more is to be sent. */
  readonly isLast: boolean
  heard(): void
  pause(): void
  resume(): void
  /** The stream is over. */
  stop(): void
}

export function createServerWatch(clock: Clock, limitMs: number, onSilence: () => void): ServerWatch {
  let isDue = false
  let isLast = false
  let isPaused = false
  let isOver = false
  let stopDeadline: () => void = () => undefined

  function awaitServer(): void {
    isDue = true
    stopDeadline()
    if (!isPaused && !isOver) stopDeadline = clock.after(limitMs, onSilence)
  }

  return {
    get isLast() {
      return isLast
    },
    asked() {
      if (!isDue) awaitServer()
    },
    askedLast() {
      isLast = true
      awaitServer()
    },
    heard() {
      stopDeadline()
      isDue = false
      if (isLast) awaitServer()
    },
    pause() {
      isPaused = true
      stopDeadline()
    },
    resume() {
      isPaused = false
      if (isDue) awaitServer()
    },
    stop() {
      isOver = true
      isLast = true
      stopDeadline()
    },
  }
}
