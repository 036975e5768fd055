/** The loudness of what was seen since it was last asked, in dB below full scale. */
export interface SoundLevel {
  add(samples: Int16Array): void
  /** −90 for silence. Begins anew. */
  takeDb(): number
}

export const SILENCE_DB = -90

export function createSoundLevel(): SoundLevel {
  let energy = 0
  let count = 0
  return {
    add(samples) {
      for (const sample of samples) energy += sample * sample
      count += samples.length
    },
    takeDb() {
      const mean = count === 0 ? 0 : energy / count
      energy = 0
      count = 0
      return mean < 1 ? SILENCE_DB : Math.max(SILENCE_DB, 10 * Math.log10(mean / 32_768 ** 2))
    },
  }
}

/** Of the loudest sample, 0 to 32768. */
export function peakOf(samples: Int16Array): number {
  let peak = 0
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample))
  return peak
}
