import { type AudioFormat, frameBytes } from '../contracts/audio.ts'

/** The byte(s) that are silence in each encoding: a zero byte is full-scale noise in mu-law. */
export function silenceByte(format: AudioFormat): number {
  return format.encoding === 'mulaw' ? 0xff : format.encoding === 'alaw' ? 0xd5 : 0x00
}

/** Chunks of any size in, exact 20 ms frames out. */
export interface Reframer {
  /** Calls `onFrames` with the frames that became whole, end to end. They are lent: valid until `onFrames` returns. */
  push(bytes: Uint8Array, onFrames: (frames: Uint8Array) => void): void
  /** Pads what is left with silence to one last frame, if anything is left. */
  flush(onFrames: (frames: Uint8Array) => void): void
  /** Discards what is left (after an interruption). */
  reset(): void
}

export function createReframer(format: AudioFormat): Reframer {
  const size = frameBytes(format)
  const rest = new Uint8Array(size)
  let held = 0
  return {
    push(bytes, onFrames) {
      let at = 0
      if (held > 0) {
        const taken = Math.min(size - held, bytes.length)
        rest.set(bytes.subarray(0, taken), held)
        held += taken
        at = taken
        if (held < size) return
        held = 0
        onFrames(rest)
      }
      const end = bytes.length - ((bytes.length - at) % size)
      if (end > at) onFrames(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end))
      if (end < bytes.length) {
        rest.set(bytes.subarray(end))
        held = bytes.length - end
      }
    },
    flush(onFrames) {
      if (held === 0) return
      rest.fill(silenceByte(format), held)
      held = 0
      onFrames(rest)
    },
    reset() {
      held = 0
    },
  }
}
