/** A sine at half of full scale. */
export function tone(hz: number, sampleRateHz: number, seconds = 1): Int16Array {
  return Int16Array.from({ length: Math.round(sampleRateHz * seconds) }, (_, i) =>
    Math.round(16384 * Math.sin((2 * Math.PI * hz * i) / sampleRateHz)),
  )
}

/** Level of the whole signal in dB over a sine at half of full scale; its edges are left out. */
export function levelDb(samples: Int16Array): number {
  const edge = Math.floor(samples.length / 10)
  let sum = 0
  for (let i = edge; i < samples.length - edge; i++) sum += samples[i]! ** 2
  const rms = Math.sqrt(sum / (samples.length - 2 * edge))
  return 20 * Math.log10(Math.max(rms, 1e-6) / (16384 / Math.SQRT2))
}
