import type { Clock } from '../../contracts/clock.ts'

/** A message that a service wants to see from time to time while nothing else is sent. */
export interface KeepAlive {
  readonly everyMs: number
  readonly message: string
}

export interface LineWatch {
  start(): void
  stop(): void
  /** Something was sent. */
  sent(): void
  /** Something came, an answer to a ping too. */
  heard(): void
}

interface Line {
  send(message: string): void
  ping(): void
  onDead(quietMs: number): void
}

/** A line that says nothing for so long is asked whether it is alive, and given as long again to answer. */
const PING_AFTER_MS = 15_000

/**
 * Keeps an open connection up, and finds out that it is dead while the sockets of this machine know nothing of it. One
 * timer, which looks what has happened since it looked last.
 */
export function createLineWatch(clock: Clock, keepAlive: KeepAlive | undefined, line: Line): LineWatch {
  const everyMs = Math.min(keepAlive?.everyMs ?? PING_AFTER_MS, PING_AFTER_MS)
  let hasSent = false
  let quietMs = 0
  let pinged = false
  let cancel: () => void = () => undefined

  function look(): void {
    cancel = clock.after(everyMs, look)
    if (!hasSent && keepAlive !== undefined) line.send(keepAlive.message)
    hasSent = false
    quietMs += everyMs
    if (quietMs >= 2 * PING_AFTER_MS && pinged) return line.onDead(quietMs)
    if (quietMs < PING_AFTER_MS || pinged) return
    pinged = true
    line.ping()
  }

  return {
    start() {
      cancel = clock.after(everyMs, look)
    },
    stop: () => cancel(),
    sent() {
      hasSent = true
    },
    heard() {
      quietMs = 0
      pinged = false
    },
  }
}
