import type { AudioFormat } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { asProviderError, type ProviderError } from '../../contracts/errors.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { createVadGate, type VadGate } from './vad-gate.ts'
import type { VadTap, VadTapStream } from './vad-tap.ts'

/** One call's ear for voice: the shared detector's probabilities become "started" and "stopped". */
export interface VoiceWatch {
  push(audio: Uint8Array): void
  /** Once in 20 ms: notices a line that sends nothing at all, on which no window ever tells of silence. */
  onFrame(nowMs: number): void
  close(): void
}

/** Voice counts as stopped when nothing was rated for this long and the hangover. */
export const NO_MEDIA_MS = 500

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
  const { clock, telemetry, hangoverMs } = parts
  let stream: VadTapStream | undefined
  let gate: VadGate | undefined
  let failed = false
  let lastWindowMs = 0

  function fail(error: ProviderError): void {
    // Once per call: a detector that is broken stays so.
    if (!failed) telemetry.vadFailed(error)
    failed = true
    release(clock.nowMs())
  }

  function release(nowMs: number): void {
    if (gate?.release()) parts.onStopped(nowMs, lastWindowMs - gate.silenceMs)
  }

  try {
    stream = parts.tap.open(parts.format, {
      onWindow(probability) {
        lastWindowMs = clock.nowMs()
        const change = gate?.rate(probability)
        if (change === 'started') parts.onStarted(lastWindowMs)
        else if (change === 'stopped') parts.onStopped(lastWindowMs, lastWindowMs - gate!.silenceMs)
      },
      onFailure: fail,
    })
    gate = createVadGate({ threshold: stream.threshold, hangoverMs, windowMs: stream.windowMs })
  } catch (thrown) {
    fail(asProviderError(thrown, 'vad: opening a stream'))
  }

  return {
    push: (audio) => stream?.push(audio),
    onFrame(nowMs) {
      if (gate?.voiced && nowMs - lastWindowMs >= NO_MEDIA_MS + hangoverMs) release(nowMs)
    },
    close: () => stream?.close(),
  }
}
