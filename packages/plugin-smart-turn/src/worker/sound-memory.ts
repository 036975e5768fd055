import type { TurnQuestion } from '@kav/core'
import { WINDOW_SAMPLES } from '../features/log-mel.ts'

/** Callers' sound, one after the other, in memory that the worker reads too. */
export interface PackedSound {
  readonly samples: Int16Array<SharedArrayBuffer>
  /** How many of the samples are each caller's. */
  readonly lengths: readonly number[]
}

/**
 * Memory of one provider, which has one batch in flight: what was packed is valid until the next `pack`. It is kept, since
 * to allocate 256 kB for each question would hold the media thread ten times as long as to copy them.
 */
export function createSoundMemory() {
  let memory = new Int16Array(new SharedArrayBuffer(0))
  return {
    /** The last 8 s of each. */
    pack(questions: readonly TurnQuestion[]): PackedSound {
      const sounds = questions.map(({ audio }) => audio.subarray(Math.max(0, audio.length - WINDOW_SAMPLES)))
      const lengths = sounds.map((sound) => sound.length)
      const total = lengths.reduce((sum, length) => sum + length, 0)
      if (memory.length < total) memory = new Int16Array(new SharedArrayBuffer(2 * total))
      let from = 0
      for (const sound of sounds) {
        memory.set(sound, from)
        from += sound.length
      }
      return { samples: memory, lengths }
    },
  }
}
