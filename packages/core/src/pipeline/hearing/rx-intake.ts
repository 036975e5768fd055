import { type AudioFormat, frameBytes } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import type { CallTap } from '../call-tap.ts'
import type { FrameWriter } from '../speaking/frame-queue.ts'
import type { VoiceWatch } from './voice-watch.ts'

/** What is counted on the receive path, before any queue. */
export interface IntakeCounters {
  bytes: number
  /** Frames as the phone sends them (by payload length, not by message). */
  frames: number
}

/**
 * transport -> rx-queue. Media is always enqueued, whether or not anything listens; a message longer than a frame
 * becomes several entries, and its duration is its length. Nothing here waits.
 */
export function createRxIntake(parts: {
  writer: FrameWriter<never>
  format: AudioFormat
  voice: VoiceWatch | undefined
  taps: readonly CallTap[]
  clock: Clock
}): { onMedia(audio: Uint8Array): void; counters: IntakeCounters } {
  const { writer, voice, taps, clock } = parts
  const size = frameBytes(parts.format)
  const counters: IntakeCounters = { bytes: 0, frames: 0 }
  return {
    counters,
    onMedia(audio) {
      counters.bytes += audio.length
      counters.frames = counters.bytes / size
      if (audio.length <= size) writer.writeMedia(audio)
      else for (let at = 0; at < audio.length; at += size) writer.writeMedia(audio.subarray(at, at + size))
      voice?.push(audio)
      if (taps.length === 0) return
      const nowMs = clock.nowMs()
      for (const tap of taps) tap.onCallerAudio(audio, nowMs)
    },
  }
}
