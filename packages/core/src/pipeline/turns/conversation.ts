/** What a call needs of whoever answers the caller: stages of their own, or one speech-to-speech session. */
export interface Conversation {
  /** Warms what can be warmed, and speaks the greeting. */
  start(): void
  /** `near`: as loud as the caller. */
  voiceStarted(nowMs: number, near: boolean): void
  /** A voice that was quieter has become as loud as the caller. */
  voiceIsNear?(nowMs: number): void
  /** `endedMs`: when the last voiced audio arrived, before the hangover. `own`: it was the agent's echo. */
  voiceStopped(endedMs: number, own: boolean): void
  onDtmf(digit: string): void
  /** Cancels whatever runs; nothing starts any more. */
  close(): void
}
