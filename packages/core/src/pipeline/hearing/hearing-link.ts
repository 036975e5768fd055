/** What the RX worker writes to, and what keeps it open for the whole call. */
export interface HearingLink {
  /** Starts opening; never awaited. */
  open(): void
  voiceStarted(nowMs: number): void
  /** `endedMs`: when the last voiced audio came. */
  voiceStopped(nowMs: number, endedMs: number): void
  /** From now on voice may go untold: the detector has failed. */
  voiceUnknown(): void
  /** Resolves when the last words are in after `finish`, or at once without a session. */
  drained(): Promise<void>
  close(): Promise<void>
}
