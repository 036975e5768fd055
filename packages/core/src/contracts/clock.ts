/**
 * Time, handed in so that tests need not sleep. `nowMs` is monotonic; only `wallMs` follows the calendar.
 */
export interface Clock {
  /** Monotonic milliseconds with a fraction; the origin is arbitrary. */
  nowMs(): number
  /**
   * How long in all the process has stood still (stopped, starved), as far as is known: nobody was waited for in that
   * time. Absent: it never does.
   */
  stoodStillMs?(): number
  /** Milliseconds since the Unix epoch, for records and file names only. */
  wallMs(): number
  /** Runs `callback` once after `delayMs` of the time in which the process runs. Returns a function that cancels it; calling that twice is harmless. */
  after(delayMs: number, callback: () => void): () => void
}
