/** A sine of half the full scale. */
export function tone(frequencyHz: number, sampleRateHz: number, seconds: number): Float32Array {
  return Float32Array.from(
    { length: Math.round(seconds * sampleRateHz) },
    (_, at) => 0.5 * Math.sin((2 * Math.PI * frequencyHz * at) / sampleRateHz),
  )
}

/** The loudest that any frequency of it is, against half the full scale, in dB: 0 is a tone that came through. */
export function levelDb(samples: Int16Array): number {
  // Filters begin and end with silence.
  const middle = samples.subarray(samples.length >> 2, samples.length - (samples.length >> 2))
  const mean = middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length
  return 10 * Math.log10(mean / 32_768 ** 2 / 0.125 + 1e-12)
}
