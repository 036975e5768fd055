/** A triangle over the bins of a spectrum; outside of `weights` it is zero. */
export interface MelFilter {
  readonly firstBin: number
  readonly weights: Float64Array
}

/** Slaney's scale: linear to 1 kHz, where 15 mels are reached, then logarithmic: 27 mels for a factor of 6.4. */
const LINEAR_HZ_PER_MEL = 200 / 3
const LOG_FROM_HZ = 1000
const LOG_FROM_MEL = LOG_FROM_HZ / LINEAR_HZ_PER_MEL
const LOG_STEP = Math.log(6.4) / 27

function melOf(hz: number): number {
  return hz < LOG_FROM_HZ ? hz / LINEAR_HZ_PER_MEL : LOG_FROM_MEL + Math.log(hz / LOG_FROM_HZ) / LOG_STEP
}

function hzOf(mel: number): number {
  return mel < LOG_FROM_MEL
    ? mel * LINEAR_HZ_PER_MEL
    : LOG_FROM_HZ * Math.exp(LOG_STEP * (mel - LOG_FROM_MEL))
}

/**
 * Triangles whose corners are evenly spaced in mels from 0 Hz to half the rate, each of area 1 in Hz (Slaney's
 * normalisation, as Whisper's filters have it). `bins` is that of a spectrum from 0 Hz to half the rate.
 */
export function createMelFilters(count: number, bins: number, sampleRateHz: number): readonly MelFilter[] {
  const topMel = melOf(sampleRateHz / 2)
  const cornersHz = Array.from({ length: count + 2 }, (_, corner) => hzOf((topMel * corner) / (count + 1)))
  const binHz = sampleRateHz / 2 / (bins - 1)
  return Array.from({ length: count }, (_, filter) => {
    const [lowHz, peakHz, highHz] = [cornersHz[filter]!, cornersHz[filter + 1]!, cornersHz[filter + 2]!]
    const firstBin = Math.max(0, Math.floor(lowHz / binHz))
    const lastBin = Math.min(bins - 1, Math.ceil(highHz / binHz))
    const weights = Float64Array.from({ length: lastBin - firstBin + 1 }, (_weight, offset) => {
      const hz = (firstBin + offset) * binHz
      const height = Math.min((hz - lowHz) / (peakHz - lowHz), (highHz - hz) / (highHz - peakHz))
      return (Math.max(0, height) * 2) / (highHz - lowHz)
    })
    return { firstBin, weights }
  })
}
