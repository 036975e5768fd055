/** A stretch of sound made ready to be played round and round. */

/** Full scale of a sine, whose mean power is half: 0 dBFS. */
const FULL_SCALE_RMS = 32_767 / Math.SQRT2

/** Made louder or softer until its mean power is `levelDb` (dBFS, a full-scale sine is 0). What is too loud is clipped. */
export function atLevel(samples: Int16Array, levelDb: number): Int16Array {
  let power = 0
  for (const sample of samples) power += sample * sample
  const rms = Math.sqrt(power / samples.length)
  const factor = rms === 0 ? 0 : (FULL_SCALE_RMS * 10 ** (levelDb / 20)) / rms
  return samples.map((sample) => clipped(sample * factor))
}

/**
 * A loop without a click: its last samples are faded into those before its first, at constant power. It is `fade`
 * samples shorter than what was given.
 */
export function loopOf(samples: Int16Array, fade: number): Int16Array {
  const length = samples.length - fade
  const loop = samples.slice(0, length)
  for (let at = 0; at < fade; at++) {
    const share = (at + 0.5) / fade
    // Where the end goes on is faded out over the beginning: the last sample of the loop is followed by its neighbour.
    loop[at] = clipped(samples[at]! * Math.sqrt(share) + samples[length + at]! * Math.sqrt(1 - share))
  }
  return loop
}

function clipped(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample)))
}
