import { type AudioFormat, frameBytes } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { toUs } from '../../kit/whole-us.ts'
import type { CallTap } from '../call-tap.ts'
import type { ArrivalTimes } from '../arrival-times.ts'
import type { CallerAudioWriter } from './caller-audio.ts'
import type { RxWorker } from './rx-worker.ts'
import type { VadTapStream } from './vad-tap.ts'

/** What is counted on the receive path. */
export interface IntakeCounters {
  readonly bytes: number
  /** Frames as the phone sends them (by payload length, not by message). */
  readonly frames: number
}

export interface RxIntake {
  onMedia(audio: Uint8Array): void
  readonly counters: IntakeCounters
}

export interface RxIntakeParts {
  readonly writer: CallerAudioWriter
  readonly arrivals: Pick<ArrivalTimes, 'arrived'>
  /** Is told that there is something to read. */
  readonly worker: Pick<RxWorker, 'arrived'>
  readonly format: AudioFormat
  /** The ear for voice, which gets a copy. */
  readonly voice: VadTapStream | undefined
  readonly taps: readonly CallTap[]
  readonly clock: Clock
}

/**
 * transport -> caller audio. Media is always taken, whether or not anything listens, and its duration is its length.
 * Nothing here waits.
 */
export function createRxIntake(parts: RxIntakeParts): RxIntake {
  return new Intake(parts)
}

/** A class: this runs for every frame of every call. */
class Intake implements RxIntake, IntakeCounters {
  bytes = 0
  readonly #writer: CallerAudioWriter
  readonly #arrivals: Pick<ArrivalTimes, 'arrived'>
  readonly #worker: Pick<RxWorker, 'arrived'>
  readonly #voice: VadTapStream | undefined
  readonly #taps: readonly CallTap[]
  readonly #clock: Clock
  readonly #frameBytes: number

  constructor({ writer, arrivals, worker, format, voice, taps, clock }: RxIntakeParts) {
    this.#writer = writer
    this.#arrivals = arrivals
    this.#worker = worker
    this.#voice = voice
    this.#taps = taps
    this.#clock = clock
    this.#frameBytes = frameBytes(format)
  }

  get counters(): IntakeCounters {
    return this
  }

  get frames(): number {
    return this.bytes / this.#frameBytes
  }

  onMedia(audio: Uint8Array): void {
    const nowMs = this.#clock.nowMs()
    this.bytes += audio.length
    this.#arrivals.arrived(this.bytes, nowMs)
    this.#writer.append(audio)
    this.#worker.arrived(toUs(nowMs))
    this.#voice?.push(audio)
    for (const tap of this.#taps) tap.onCallerAudio(audio, nowMs)
  }
}
