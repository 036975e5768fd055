import type { WebSocket } from 'ws'
import type { Clock } from '@kav/core'

/**
 * Pings the peer (RFC 6455 section 5.5.2) and calls `onDead` when, over two intervals, neither a pong nor anything
 * else came: a connection whose other end vanished without a word would otherwise stay for hours.
 * An interval of 0 ms switches it off.
 */
export class Liveness {
  readonly #socket: WebSocket
  readonly #intervalMs: number
  readonly #clock: Clock
  readonly #onDead: () => void
  #silentIntervals = 0
  #cancel = (): void => undefined

  constructor(socket: WebSocket, intervalMs: number, clock: Clock, onDead: () => void) {
    this.#socket = socket
    this.#intervalMs = intervalMs
    this.#clock = clock
    this.#onDead = onDead
    if (intervalMs === 0) return
    socket.on('pong', () => this.alive())
    this.#wait()
  }

  /** Something came from the peer. */
  alive(): void {
    this.#silentIntervals = 0
  }

  stop(): void {
    this.#cancel()
  }

  #wait(): void {
    this.#cancel = this.#clock.after(this.#intervalMs, () => {
      if (++this.#silentIntervals > 2) return this.#onDead()
      if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping()
      this.#wait()
    })
  }
}
