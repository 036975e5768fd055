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

/** A tap that throws is left out from then on, and told of once: it disturbs neither the call nor the transport. */
export function guardTap(tap: CallTap, onFailure: (error: unknown) => void): CallTap {
  let broken = false
  const fail = (error: unknown): void => {
    if (!broken) onFailure(error)
    broken = true
  }
  return {
    onCallerAudio(audio, nowMs) {
      if (broken) return
      try {
        tap.onCallerAudio(audio, nowMs)
      } catch (error) {
        fail(error)
      }
    },
    onAgentFrame(frame, playAtMs) {
      if (broken) return
      try {
        tap.onAgentFrame(frame, playAtMs)
      } catch (error) {
        fail(error)
      }
    },
    onCleared(nowMs) {
      if (broken) return
      try {
        tap.onCleared(nowMs)
      } catch (error) {
        fail(error)
      }
    },
    close() {
      try {
        tap.close()
      } catch (error) {
        fail(error)
      }
    },
  }
}
