import type { CallTelemetry } from '../telemetry/call-telemetry.ts'

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
export function guardTap(tap: CallTap, telemetry: Pick<CallTelemetry, 'stageFailed'>): CallTap {
  return new GuardedTap(tap, telemetry)
}

/** A class: every frame of every call passes through. */
class GuardedTap implements CallTap {
  readonly #tap: CallTap
  readonly #telemetry: Pick<CallTelemetry, 'stageFailed'>
  #broken = false

  constructor(tap: CallTap, telemetry: Pick<CallTelemetry, 'stageFailed'>) {
    this.#tap = tap
    this.#telemetry = telemetry
  }

  onCallerAudio(audio: Uint8Array, nowMs: number): void {
    if (this.#broken) return
    try {
      this.#tap.onCallerAudio(audio, nowMs)
    } catch (error) {
      this.#fail(error)
    }
  }

  onAgentFrame(frame: Uint8Array, playAtMs: number): void {
    if (this.#broken) return
    try {
      this.#tap.onAgentFrame(frame, playAtMs)
    } catch (error) {
      this.#fail(error)
    }
  }

  onCleared(nowMs: number): void {
    if (this.#broken) return
    try {
      this.#tap.onCleared(nowMs)
    } catch (error) {
      this.#fail(error)
    }
  }

  close(): void {
    try {
      this.#tap.close()
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    if (!this.#broken) this.#telemetry.stageFailed('tap', error)
    this.#broken = true
  }
}
