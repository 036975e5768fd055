import { readFileSync } from 'node:fs'
import { createResampler, readWav } from '@kav/core'

/** One of the recorded callers of `packages/phone/audio`, at the rate the detector works at. */
export function readRecording(name: string, sampleRateHz: 8000 | 16000): Int16Array {
  const { audio, format } = readWav(
    readFileSync(new URL(`../../../phone/audio/${name}.wav`, import.meta.url)),
  )
  const samples = new Int16Array(new Uint8Array(audio).buffer)
  if (format.sampleRateHz === sampleRateHz) return samples
  return createResampler({ fromHz: format.sampleRateHz, toHz: sampleRateHz }).process(samples).slice()
}

/** Samples from a function of time in seconds, full scale at 1. */
export function makeSound(seconds: number, sampleRateHz: number, valueAt: (t: number) => number): Int16Array {
  return Int16Array.from({ length: seconds * sampleRateHz }, (_, n) => 32767 * valueAt(n / sampleRateHz))
}

/** Numbers in [0, 1) that are the same in every run. */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
