import { type AudioFormat, frameBytes } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { toUs } from '../../kit/whole-us.ts'
import type { CallTap } from '../call-tap.ts'
import type { CallerAudioWriter } from './caller-audio.ts'
import type { RxWorker } from './rx-worker.ts'
import type { VoiceWatch } from './voice-watch.ts'

/** What is counted on the receive path. */
export interface IntakeCounters {
  bytes: number
  /** Frames as the phone sends them (by payload length, not by message). */
  readonly frames: number
}

/**
 * transport -> caller audio. Media is always taken, whether or not anything listens, and its duration is its length.
 * Nothing here waits.
 */
export function createRxIntake(parts: {
  writer: CallerAudioWriter
  /** Is told that there is something to read. */
  worker: Pick<RxWorker, 'arrived'>
  format: AudioFormat
  voice: VoiceWatch | undefined
  taps: readonly CallTap[]
  clock: Clock
}): { onMedia(audio: Uint8Array): void; counters: IntakeCounters } {
  const { writer, worker, voice, taps, clock } = parts
  const counters = new Counters(frameBytes(parts.format))
  return {
    counters,
    onMedia(audio) {
      const nowMs = clock.nowMs()
      counters.bytes += audio.length
      writer.append(audio)
      worker.arrived(toUs(nowMs))
      voice?.push(audio)
      for (const tap of taps) tap.onCallerAudio(audio, nowMs)
    },
  }
}

class Counters implements IntakeCounters {
  bytes = 0
  readonly #frameBytes: number

  constructor(frameBytes: number) {
    this.#frameBytes = frameBytes
  }

  get frames(): number {
    return this.bytes / this.#frameBytes
  }
}
