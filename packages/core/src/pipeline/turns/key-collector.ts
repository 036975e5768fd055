import type { Clock } from '../../contracts/clock.ts'

export interface KeyCollectorOptions {
  /** The key that ends an entry and is not part of it; empty: none does. */
  readonly terminator: string
  /** No further key for this long ends an entry. */
  readonly interDigitMs: number
  /** So many keys are an entry. */
  readonly maxDigits: number
  readonly clock: Clock
  /** A whole entry, such as `4711`. Never empty. */
  readonly onKeys: (keys: string) => void
}

/** Makes entries of the keys that a caller presses. */
export interface KeyCollector {
  /** One key as the transport tells it: `0-9`, `*`, `#`, `A-D`; anything else is ignored. */
  press(key: string): void
  /** Keys of an entry that has not ended yet. */
  readonly pending: string
  /** Forgets what is pending; nothing is told any more. */
  close(): void
}

/**
 * | key or time                        | entry                                      |
 * |------------------------------------|--------------------------------------------|
 * | the terminator after other keys    | ends, told without the terminator          |
 * | the terminator alone               | told as it is: "press # to go on"          |
 * | the key that makes `maxDigits`     | ends, told at once                         |
 * | `interDigitMs` without another key | ends, told                                 |
 */
export function createKeyCollector(options: KeyCollectorOptions): KeyCollector {
  const { terminator, interDigitMs, maxDigits, clock, onKeys } = options
  let keys = ''
  let cancelTimer = (): void => undefined
  let closed = false

  function tell(): void {
    cancelTimer()
    const entry = keys
    keys = ''
    onKeys(entry)
  }

  return {
    press(key) {
      if (closed || !/^[0-9A-D*#]$/.test(key)) return
      if (key === terminator && keys !== '') return tell()
      keys += key
      if (key === terminator || keys.length >= maxDigits) return tell()
      cancelTimer()
      cancelTimer = clock.after(interDigitMs, tell)
    },
    get pending() {
      return keys
    },
    close() {
      closed = true
      cancelTimer()
      keys = ''
    },
  }
}
