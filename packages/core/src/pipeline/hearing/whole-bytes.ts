import { type AudioFormat, bytesPerSecond } from '../../contracts/audio.ts'

/** Whole samples only: a position between two halves of one would be noise. */
export function wholeBytes(format: AudioFormat, ms: number): number {
  const sampleBytes = bytesPerSecond(format) / format.sampleRateHz
  return Math.round((ms * format.sampleRateHz) / 1000) * sampleBytes
}
