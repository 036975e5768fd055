import type { WebSocket } from 'ws'
import type { Clock } from '@kav/core'

export interface Liveness {
  /** Something came from the peer. */
  alive(): void
  stop(): void
}

/**
 * Pings the peer (RFC 6455 section 5.5.2) and calls `onDead` when, over two intervals, neither a pong nor anything
 * else came: a connection whose other end vanished without a word would otherwise stay for hours.
 * `intervalMs` 0 switches it off.
 */
export function watchLiveness(
  socket: WebSocket,
  intervalMs: number,
  clock: Clock,
  onDead: () => void,
): Liveness {
  if (intervalMs === 0) return { alive: () => undefined, stop: () => undefined }
  let silentIntervals = 0
  const alive = (): void => {
    silentIntervals = 0
  }
  const beat = (): void => {
    if (++silentIntervals > 2) return onDead()
    if (socket.readyState === socket.OPEN) socket.ping()
    cancel = clock.after(intervalMs, beat)
  }
  let cancel = clock.after(intervalMs, beat)
  socket.on('pong', alive)
  return {
    alive,
    stop: () => cancel(),
  }
}
