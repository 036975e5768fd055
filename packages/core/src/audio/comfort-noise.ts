/**
 * What a line sounds like on which nobody speaks: soft noise between 200 Hz and 3.4 kHz that falls by 6 dB an octave
 * above 500 Hz, so that it is felt as a presence and not heard as a hiss. Always the same samples for the same
 * arguments; the end goes over into the beginning without a click, so it may be played over and over.
 */
export function comfortNoise(
  format: { readonly sampleRateHz: number },
  seconds: number,
  /** Its RMS in dB of full scale, such as -60. */
  levelDb: number,
): Int16Array {
  const { sampleRateHz } = format
  const length = Math.max(1, Math.round(seconds * sampleRateHz))
  const blend = Math.min(Math.round(BLEND_S * sampleRateHz), Math.floor(length / 2))
  const shaped = shapedNoise(sampleRateHz, length + blend)
  blendEnd(shaped, length, blend)
  const loop = shaped.subarray(0, length)
  const gain = (FULL_SCALE * 10 ** (levelDb / 20)) / rms(loop)
  const random = createRandom(DITHER_SEED)
  // At this level a sample is a few steps high: rounded with dither, it stays noise and does not become a tone.
  return Int16Array.from(loop, (sample) => clamped(Math.round(sample * gain + random() - random())))
}

const FULL_SCALE = 32_767
const BLEND_S = 0.02
/** The filters have swung in by then. */
const WARM_UP_S = 0.05
const LOW_HZ = 200
const SLOPE_HZ = 500
const HIGH_HZ = 3400
const NOISE_SEED = 0x2545f491
const DITHER_SEED = 0x9e3779b9

function shapedNoise(sampleRateHz: number, length: number): Float64Array {
  const random = createRandom(NOISE_SEED)
  const noise = Float64Array.from(
    { length: length + Math.round(WARM_UP_S * sampleRateHz) },
    () => random() * 2 - 1,
  )
  const slope = coefficient(SLOPE_HZ, sampleRateHz)
  const low = coefficient(LOW_HZ, sampleRateHz)
  // Where a line carries no more than that anyway, nothing has to be cut off.
  const high = HIGH_HZ * 2 < sampleRateHz ? coefficient(HIGH_HZ, sampleRateHz) : 1
  const state = { slope: 0, high: 0, low: 0 }
  for (const [at, white] of noise.entries()) {
    state.slope += slope * (white - state.slope)
    state.high += high * (state.slope - state.high)
    state.low += low * (state.high - state.low)
    noise[at] = state.high - state.low
  }
  return noise.subarray(noise.length - length)
}

/** Of a filter of the first order, with this corner. */
function coefficient(cornerHz: number, sampleRateHz: number): number {
  return 1 - Math.exp((-2 * Math.PI * cornerHz) / sampleRateHz)
}

/** The beginning is faded in over what would follow the end. Equal power: two stretches of noise know nothing of each other. */
function blendEnd(samples: Float64Array, length: number, blend: number): void {
  for (let at = 0; at < blend; at++) {
    const share = (at + 0.5) / blend
    samples[at] = samples[at]! * Math.sqrt(share) + samples[length + at]! * Math.sqrt(1 - share)
  }
}

function rms(samples: Float64Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)
}

function clamped(sample: number): number {
  return Math.max(-FULL_SCALE, Math.min(FULL_SCALE, sample))
}

/** Numbers from 0 to 1, the same on every run: xorshift. */
function createRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
