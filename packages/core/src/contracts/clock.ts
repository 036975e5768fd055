/**
 * Time, handed in so that tests need not sleep. `nowMs` is monotonic; only `wallMs` follows the calendar.
 */
export interface Clock {
  /** Monotonic milliseconds with a fraction; the origin is arbitrary. */
  nowMs(): number
  /** Milliseconds since the Unix epoch, for records and file names only. */
  wallMs(): number
  /** Runs `callback` once after `delayMs`. Returns a function that cancels it; calling that twice is harmless. */
  after(delayMs: number, callback: () => void): () => void
}
