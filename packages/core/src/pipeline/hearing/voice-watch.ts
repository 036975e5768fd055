import type { AudioFormat } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { asProviderError, type ProviderError } from '../../contracts/errors.ts'
import { nowUs, toUs, US_PER_MS } from '../../kit/whole-us.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { Alarm } from '../frame-clock.ts'
import { createVadGate, type VadGate } from './vad-gate.ts'
import type { VadTap, VadTapStream } from './vad-tap.ts'

/** One call's ear for voice: the shared detector's probabilities become "started" and "stopped". */
export interface VoiceWatch {
  push(audio: Uint8Array): void
  /** What the alarm was set for: notices a line that sends nothing at all, on which no window tells of silence. */
  onDue(nowUs: number): void
  close(): void
}

/** Voice counts as stopped when nothing was rated for this long and the hangover. */
export const NO_MEDIA_MS = 500

export interface VoiceWatchParts {
  readonly tap: VadTap
  readonly format: AudioFormat
  readonly hangoverMs: number
  readonly alarm: Alarm
  readonly clock: Clock
  readonly telemetry: CallTelemetry
  readonly onStarted: (nowMs: number) => void
  /** `endedMs`: when the last voiced audio came. */
  readonly onStopped: (nowMs: number, endedMs: number) => void
}

export function createVoiceWatch(parts: VoiceWatchParts): VoiceWatch {
  const { clock, telemetry, hangoverMs, alarm } = parts
  const deadUs = toUs(NO_MEDIA_MS + hangoverMs)
  let stream: VadTapStream | undefined
  let gate: VadGate | undefined
  let failed = false
  let lastWindowUs = 0

  function fail(error: ProviderError): void {
    // Once per call: a detector that is broken stays so.
    if (!failed) telemetry.vadFailed(error)
    failed = true
    release(clock.nowMs())
  }

  function release(nowMs: number): void {
    if (gate?.release()) parts.onStopped(nowMs, lastWindowUs / US_PER_MS - gate.silenceMs)
  }

  function rated(probability: number): void {
    lastWindowUs = nowUs(clock)
    const change = gate?.rate(probability)
    if (change === undefined) return
    const nowMs = lastWindowUs / US_PER_MS
    if (change === 'stopped') return parts.onStopped(nowMs, nowMs - gate!.silenceMs)
    alarm.at(lastWindowUs + deadUs)
    parts.onStarted(nowMs)
  }

  try {
    stream = parts.tap.open(parts.format, { onWindow: rated, onFailure: fail })
    gate = createVadGate({ threshold: stream.threshold, hangoverMs, windowMs: stream.windowMs })
  } catch (thrown) {
    fail(asProviderError(thrown, 'vad: opening a stream'))
  }

  return {
    push: (audio) => stream?.push(audio),
    onDue(now) {
      if (!gate?.voiced) return
      if (now >= lastWindowUs + deadUs) release(now / US_PER_MS)
      else alarm.at(lastWindowUs + deadUs)
    },
    close: () => stream?.close(),
  }
}
