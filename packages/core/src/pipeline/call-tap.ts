/**
 * Sees the audio of a call, writes nothing back, and can never hold the chain up (recording, metrics).
 * Called on the hot path: implementations copy and return. Bytes are lent.
 */
export interface CallTap {
  /** Caller audio as it arrived. */
  onCallerAudio(audio: Uint8Array, nowMs: number): void
  /** One agent frame went out; the far end will play it at `playAtMs`. */
  onAgentFrame(frame: Uint8Array, playAtMs: number): void
  /** What the far end had not played by now was discarded. */
  onCleared(nowMs: number): void
  /** The call is over. */
  close(): void
}
