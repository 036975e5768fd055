/**
 * The longest that a call which is over waits for the last words of its caller: long enough for all that the ring
 * holds to be read at twice its speed, half of the default `CATCHUP_RATE`, and to be answered.
 */
export const LAST_WORDS_LIMIT_MS = 22_000

/** What the RX worker writes to, and what keeps it open for the whole call. */
export interface HearingLink {
  /** Starts opening; never awaited. */
  open(): void
  voiceStarted(nowMs: number): void
  /** `endedMs`: when the last voiced audio came. */
  voiceStopped(nowMs: number, endedMs: number): void
  /** From now on voice may go untold: the detector has failed. */
  voiceUnknown(): void
  /**
   * Resolves when the last words are in after `finish`, or at once without a session; within `LAST_WORDS_LIMIT_MS`,
   * whatever the session does.
   */
  drained(): Promise<void>
  close(): Promise<void>
}
