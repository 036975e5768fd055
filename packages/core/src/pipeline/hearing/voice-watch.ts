import type { AudioFormat } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { asProviderError, type ProviderError } from '../../contracts/errors.ts'
import { nowUs, toUs, US_PER_MS } from '../../kit/whole-us.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { AlarmPart } from '../shared-alarm.ts'
import type { EchoEar } from './echo/echo-ear.ts'
import { createSpeechLevel, type SpeechLevel } from './speech-level.ts'
import { createVadGate, type VadGate } from './vad-gate.ts'
import type { VadTapHandlers } from './vad-lane.ts'
import type { VadTap, VadTapStream } from './vad-tap.ts'

/** One call's ear for voice: the shared detector's probabilities become "started" and "stopped". */
export interface VoiceWatch {
  /** Where the caller's audio goes; `undefined` when the detector would not open. */
  readonly stream: VadTapStream | undefined
  /** What the alarm was set for: notices a line that sends nothing at all, on which no window tells of silence. */
  onDue(nowUs: number): void
  /** The caller's voice goes on, or one that is not told from it. */
  readonly voiced: boolean
  close(): void
}

/** Voice counts as stopped when nothing was rated for this long and the hangover. */
export const NO_MEDIA_MS = 500

export interface VoiceWatchParts {
  readonly tap: VadTap
  readonly format: AudioFormat
  readonly hangoverMs: number
  readonly alarm: AlarmPart
  readonly clock: Clock
  readonly telemetry: CallTelemetry
  /** While the agent speaks, voice that is so much quieter than the caller's is somebody else's. 0: none is. */
  readonly quieterDb: number
  /** Tells the agent's own voice that comes back. Absent: nothing does. */
  readonly echo?: Pick<EchoEar, 'judge'> | undefined
  /** `near`: as loud as the caller. */
  readonly onStarted: (nowMs: number, near: boolean) => void
  /** A voice that was quieter has become as loud as the caller. */
  readonly onNear: (nowMs: number) => void
  /** What the caller's side sounds like, between and inside voices. */
  readonly onSound: (sound: CallerSound) => void
  /** Told once: what it tells from now on is not to be relied on. */
  readonly onFailed?: () => void
  /** `endedMs`: when the last voiced audio came. `own`: it was the agent's own voice that came back. */
  readonly onStopped: (nowMs: number, endedMs: number, own: boolean) => void
}

/**
 * `loud`: as loud as the caller, and no voice so far; `quiet`: not any more. `pause`: the voice may be over, or pauses;
 * `goes-on`: it did not end.
 */
export type CallerSound = 'loud' | 'quiet' | 'pause' | 'goes-on'

/** So long without voice is no single window that a detector missed. */
const PAUSE_MS = 60

export function createVoiceWatch(parts: VoiceWatchParts): VoiceWatch {
  return new Watch(parts)
}

/** A class: a window is rated 30 times a second on every call. */
class Watch implements VoiceWatch, VadTapHandlers {
  readonly stream: VadTapStream | undefined
  readonly #gate: VadGate | undefined
  readonly #level: SpeechLevel
  readonly #clock: Clock
  #lastWindowUs = 0
  #failed = false
  /** When the voice began that goes on. */
  #voiceFromMs = 0
  readonly #deadUs: number
  #loud = false
  #quietMs = 0
  #pauses = false
  readonly #parts: VoiceWatchParts

  get voiced(): boolean {
    return this.#gate?.voiced ?? false
  }

  constructor(parts: VoiceWatchParts) {
    const { tap, format, hangoverMs } = parts
    this.#parts = parts
    this.#clock = parts.clock
    this.#level = createSpeechLevel(parts.quieterDb)
    this.#deadUs = toUs(NO_MEDIA_MS + hangoverMs)
    try {
      this.stream = tap.open(format, this)
      const { threshold, windowMs } = this.stream
      this.#gate = createVadGate({ threshold, hangoverMs, windowMs })
    } catch (thrown) {
      this.onFailure(asProviderError(thrown, 'vad: opening a stream'))
    }
  }

  onWindow(probability: number, power: number, heardMs: number): void {
    this.#lastWindowUs = nowUs(this.#clock)
    const gate = this.#gate
    if (gate === undefined) return
    const over = gate.voiced && this.#level.isOver(power)
    const voiced = !over && gate.hears(probability)
    const echo = this.#parts.echo?.judge(heardMs, this.stream!.windowMs, voiced)
    if (echo === 'found') return this.#release(this.#lastWindowUs / US_PER_MS, true)
    const change = gate.rate(over || echo === 'own' ? 0 : probability)
    if (change === 'started') this.#level.started(power)
    else if (gate.voiced && gate.silenceMs === 0) this.#goesOn(power)
    else if (!gate.voiced && change === undefined && echo !== 'own') this.#level.silent(power)
    if (change !== undefined) this.#changed(change)
    if (gate.voiced) this.#findPause(gate.silenceMs)
    else this.#findLoud()
  }

  /** Only whether the agent becomes softer hangs on it: it ends as a voice does. */
  #findLoud(): void {
    this.#quietMs = this.#level.loud ? 0 : this.#quietMs + this.stream!.windowMs
    const loud = this.#level.loud || (this.#loud && this.#quietMs < this.#parts.hangoverMs)
    if (loud !== this.#loud) this.#parts.onSound(loud ? 'loud' : 'quiet')
    this.#loud = loud
  }

  #findPause(silenceMs: number): void {
    const pauses = silenceMs >= PAUSE_MS || (this.#pauses && silenceMs > 0)
    if (pauses !== this.#pauses) this.#parts.onSound(pauses ? 'pause' : 'goes-on')
    this.#pauses = pauses
  }

  onFailure(error: ProviderError): void {
    const first = !this.#failed
    // Once per call: a detector that is broken stays so.
    if (first) this.#parts.telemetry.vadFailed(error)
    this.#failed = true
    this.#release(this.#clock.nowMs())
    if (first) this.#parts.onFailed?.()
  }

  onDue(now: number): void {
    if (!this.#gate?.voiced) return
    const dueUs = this.#lastWindowUs + this.#deadUs
    if (now >= dueUs) this.#release(now / US_PER_MS)
    else this.#parts.alarm.at(dueUs)
  }

  close(): void {
    // The caller hung up while speaking: that was heard, too.
    if (this.#gate?.voiced) this.#told(this.#lastWindowUs / US_PER_MS - this.#gate.silenceMs)
    this.stream?.close()
  }

  #goesOn(power: number): void {
    const wasNear = this.#level.near
    this.#level.goesOn(power)
    if (this.#level.near && !wasNear) this.#parts.onNear(this.#lastWindowUs / US_PER_MS)
  }

  #changed(change: 'started' | 'stopped'): void {
    const nowMs = this.#lastWindowUs / US_PER_MS
    if (change === 'stopped') return this.#stopped(nowMs, nowMs - this.#gate!.silenceMs)
    this.#parts.alarm.at(this.#lastWindowUs + this.#deadUs)
    this.#voiceFromMs = nowMs - this.stream!.windowMs
    this.#loud = false
    this.#parts.onStarted(nowMs, this.#level.near)
  }

  #stopped(nowMs: number, endedMs: number, own = false): void {
    this.#pauses = false
    this.#level.stopped(this.#level.near && !own)
    if (!own) this.#told(endedMs)
    this.#parts.onStopped(nowMs, endedMs, own)
  }

  #told(endedMs: number): void {
    this.#parts.telemetry.voiceHeard('caller', this.#voiceFromMs, endedMs)
  }

  #release(nowMs: number, own = false): void {
    if (this.#gate?.release()) {
      this.#stopped(nowMs, this.#lastWindowUs / US_PER_MS - this.#gate.silenceMs, own)
    }
  }
}
