import type { Clock } from '../../contracts/clock.ts'

export interface KeyCollectorOptions {
  /** The key that ends an entry and is not part of it; empty: none does. */
  readonly terminator: string
  /** No further key for this long ends an entry. */
  readonly interDigitMs: number
  /** So many keys are an entry. */
  readonly maxDigits: number
  readonly clock: Clock
  /** A key was pressed that begins an entry or goes on with one; told before `onKeys` where it ends it. */
  readonly onKey: () => void
  /** A whole entry, such as `4711`. Never empty. */
  readonly onKeys: (keys: string) => void
}

/** Makes entries of the keys that a caller presses. */
export interface KeyCollector {
  /** One key as the transport tells it: `0-9`, `*`, `#`, `A-D`; anything else is ignored. */
  press(key: string): void
  /** Keys of an entry that has not ended yet. */
  pending(): string
  /** Forgets what is pending; nothing is told any more. */
  close(): void
}

/**
 * | key or time                        | entry                                      |
 * |------------------------------------|--------------------------------------------|
 * | the terminator after other keys    | ends, told without the terminator          |
 * | the terminator alone               | told as it is: "press # to go on"          |
 * | the key that makes `maxDigits`     | ends, told at once                         |
 * | the terminator within              | belongs to that entry: nothing is told     |
 * | `interDigitMs` behind such a key   |                                            |
 * | `interDigitMs` without another key | ends, told                                 |
 */
export function createKeyCollector(options: KeyCollectorOptions): KeyCollector {
  return new Collector(options)
}

class Collector implements KeyCollector {
  readonly #options: KeyCollectorOptions
  #keys = ''
  /** An entry has just ended at its longest: callers end it by habit all the same. */
  #full = false
  #cancelTimer: (() => void) | undefined
  #closed = false

  constructor(options: KeyCollectorOptions) {
    this.#options = options
  }

  press(key: string): void {
    if (this.#closed || !/^[0-9A-D*#]$/.test(key)) return
    const { terminator, maxDigits, onKey } = this.#options
    const belongs = this.#full && key === terminator
    if (this.#full) this.#cancelTimer?.()
    this.#full = false
    if (belongs) return
    onKey()
    if (key === terminator && this.#keys !== '') return this.#tell()
    this.#keys += key
    if (key === terminator) return this.#tell()
    if (this.#keys.length >= maxDigits) return this.#tellFull()
    this.#waitFor(() => this.#tell())
  }

  pending(): string {
    return this.#keys
  }

  close(): void {
    this.#closed = true
    this.#cancelTimer?.()
    this.#keys = ''
  }

  #tell(): void {
    this.#cancelTimer?.()
    const entry = this.#keys
    this.#keys = ''
    this.#options.onKeys(entry)
  }

  #waitFor(onTime: () => void): void {
    this.#cancelTimer?.()
    this.#cancelTimer = this.#options.clock.after(this.#options.interDigitMs, onTime)
  }

  #tellFull(): void {
    const entry = this.#keys
    this.#keys = ''
    this.#full = this.#options.terminator !== ''
    if (this.#full) this.#waitFor(() => (this.#full = false))
    else this.#cancelTimer?.()
    this.#options.onKeys(entry)
  }
}
