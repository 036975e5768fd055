import type { AudioFormat } from '../contracts/audio.ts'
import type { Clock } from '../contracts/clock.ts'
import type { CallTelemetry } from '../telemetry/call-telemetry.ts'
import { createVadGate } from './vad-gate.ts'
import type { VadTap } from './vad-tap.ts'

/** One call's ear for voice: the shared detector's probabilities become "started" and "stopped". */
export interface VoiceWatch {
  push(audio: Uint8Array): void
  close(): void
}

export function createVoiceWatch(parts: {
  tap: VadTap
  format: AudioFormat
  hangoverMs: number
  clock: Clock
  telemetry: CallTelemetry
  onStarted: (nowMs: number) => void
  /** `endedMs`: when the last voiced audio came. */
  onStopped: (nowMs: number, endedMs: number) => void
}): VoiceWatch {
  const { clock, telemetry } = parts
  let failed = false
  const stream = parts.tap.open(parts.format, {
    onWindow(probability) {
      const change = gate.rate(probability)
      if (change === undefined) return
      const nowMs = clock.nowMs()
      if (change === 'started') parts.onStarted(nowMs)
      else parts.onStopped(nowMs, nowMs - gate.silenceMs)
    },
    onFailure(error) {
      // Once per call: a detector that is broken stays so.
      if (!failed) telemetry.vadFailed(error)
      failed = true
      const nowMs = clock.nowMs()
      if (gate.release()) parts.onStopped(nowMs, nowMs)
    },
  })
  const gate = createVadGate({
    threshold: stream.threshold,
    hangoverMs: parts.hangoverMs,
    windowMs: stream.windowMs,
  })
  return stream
}
