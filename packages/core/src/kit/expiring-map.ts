import type { Clock } from '../contracts/clock.ts'

export interface ExpiringMapOptions {
  readonly clock: Pick<Clock, 'nowMs'>
  /** Of more the oldest is forgotten early. */
  readonly maxKeys: number
  readonly onForgottenEarly?: () => void
}

interface Kept<Value> {
  readonly value: Value
  readonly untilMs: number
}

/** Values by key, each for a while, and never more of them than memory is meant for. No timer: it forgets as it is told more. */
export class ExpiringMap<Value> {
  readonly #options: ExpiringMapOptions
  /** In the order in which they were set. */
  readonly #kept = new Map<string, Kept<Value>>()

  constructor(options: ExpiringMapOptions) {
    this.#options = options
  }

  get(key: string): Value | undefined {
    const kept = this.#kept.get(key)
    return kept !== undefined && kept.untilMs > this.#options.clock.nowMs() ? kept.value : undefined
  }

  set(key: string, value: Value, forMs: number): void {
    const nowMs = this.#options.clock.nowMs()
    this.#kept.delete(key)
    this.#forget(nowMs)
    this.#kept.set(key, { value, untilMs: nowMs + forMs })
  }

  delete(key: string): void {
    this.#kept.delete(key)
  }

  /** From the oldest on, as far as they are over: with few lifetimes that is nearly all of them. */
  #forget(nowMs: number): void {
    const { maxKeys, onForgottenEarly } = this.#options
    for (const [key, { untilMs }] of this.#kept) {
      const isOver = untilMs <= nowMs
      if (!isOver && this.#kept.size < maxKeys) return
      if (!isOver) onForgottenEarly?.()
      this.#kept.delete(key)
    }
  }
}
