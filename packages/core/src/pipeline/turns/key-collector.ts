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
  const { terminator, interDigitMs, maxDigits, clock, onKey, onKeys } = options
  let keys = ''
  /** An entry has just ended at its longest: callers end it by habit all the same. */
  let full = false
  let cancelTimer = (): void => undefined
  let closed = false

  function tell(): void {
    cancelTimer()
    const entry = keys
    keys = ''
    onKeys(entry)
  }

  function waitFor(onTime: () => void): void {
    cancelTimer()
    cancelTimer = clock.after(interDigitMs, onTime)
  }

  function tellFull(): void {
    const entry = keys
    keys = ''
    full = terminator !== ''
    if (full) waitFor(() => (full = false))
    else cancelTimer()
    onKeys(entry)
  }

  return {
    press(key) {
      if (closed || !/^[0-9A-D*#]$/.test(key)) return
      const belongs = full && key === terminator
      if (full) cancelTimer()
      full = false
      if (belongs) return
      onKey()
      if (key === terminator && keys !== '') return tell()
      keys += key
      if (key === terminator) return tell()
      if (keys.length >= maxDigits) return tellFull()
      waitFor(tell)
    },
    pending() {
      return keys
    },
    close() {
      closed = true
      cancelTimer()
      keys = ''
    },
  }
}
