import type { Interval } from '../../src/panel/index.ts'

const HZ = 8000

/**
 * Something like a voice: a buzz with syllables of 60 to 140 ms that rise and fall, without a pause.
 * @param level of full scale at its loudest.
 */
export function voiceAt(intervals: readonly Interval[], durationMs: number, level = 0.3): Float64Array {
  const samples = new Float64Array((durationMs * HZ) / 1000)
  for (const { startMs, endMs } of intervals) {
    for (let i = (startMs * HZ) / 1000; i < (endMs * HZ) / 1000 && i < samples.length; i++) {
      const seconds = i / HZ - startMs / 1000
      const syllable = 0.4 + 0.6 * Math.abs(Math.sin(2 * Math.PI * 2.5 * seconds + 0.8))
      const buzz = [1, 2, 3, 5, 8].reduce((sum, n) => sum + Math.sin(2 * Math.PI * 140 * n * seconds) / n, 0)
      samples[i] = (level * syllable * buzz) / 2
    }
  }
  return samples
}

/** White noise of this mean power, dB of full scale; the same at every run. */
export function noise(durationMs: number, db: number): Float64Array {
  let state = 12_345
  const level = 10 ** (db / 20) * Math.sqrt(3)
  return Float64Array.from({ length: (durationMs * HZ) / 1000 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return level * (state / 2 ** 31 - 1)
  })
}

export function mixed(...parts: readonly Float64Array[]): Int16Array {
  return Int16Array.from(parts[0]!, (_, at) => {
    const sum = parts.reduce((total, part) => total + part[at]!, 0)
    return Math.round(32_767 * Math.max(-1, Math.min(1, sum)))
  })
}
