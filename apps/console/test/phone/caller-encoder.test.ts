import { decodeMulaw } from '@kav/core/audio'
import { describe, expect, it } from 'vitest'
import { createCallerEncoder } from '../../src/phone/engine/caller-encoder.ts'
import { levelDb, tone } from './tones.ts'

/** What of the microphone's sound is in the frames, before and after mu-law. */
function encoded(samples: Float32Array, sampleRateHz: number) {
  const frames: Uint8Array[] = []
  const narrow: number[] = []
  const encoder = createCallerEncoder(sampleRateHz, (frame, lent) => {
    frames.push(frame)
    narrow.push(...lent)
  })
  for (let at = 0; at < samples.length; at += 128) {
    const block = samples.subarray(at, at + 128)
    encoder.push(block, block.length)
  }
  return { frames, narrow: Int16Array.from(narrow) }
}

describe.each([48_000, 44_100, 16_000])('a microphone of %i Hz', (sampleRateHz) => {
  it.each([5000, 6000, 7000])('lets nothing of a tone of %i Hz fold back into the voice', (frequencyHz) => {
    expect(levelDb(encoded(tone(frequencyHz, sampleRateHz, 1), sampleRateHz).narrow)).toBeLessThan(-55)
  })

  it.each([300, 1000, 2000, 3000, 3400])('takes a tone of %i Hz as it is', (frequencyHz) => {
    const level = levelDb(encoded(tone(frequencyHz, sampleRateHz, 1), sampleRateHz).narrow)
    expect(Math.abs(level)).toBeLessThan(0.5)
  })

  it('gives whole frames of 20 ms, fifty a second, their bytes its owner’s', () => {
    const { frames } = encoded(tone(440, sampleRateHz, 4), sampleRateHz)
    expect(frames.length).toBeGreaterThanOrEqual(198)
    expect(frames.length).toBeLessThanOrEqual(200)
    expect(new Set(frames.map(({ length }) => length))).toEqual(new Set([160]))
    expect(new Set(frames.map(({ buffer }) => buffer)).size).toBe(frames.length)
    expect(decodeMulaw(frames[100]!).some((sample) => Math.abs(sample) > 15_000)).toBe(true)
  })
})

it('a microphone that gives nothing is silence, as a telephone has it', () => {
  const frames: Uint8Array[] = []
  const encoder = createCallerEncoder(8000, (frame) => frames.push(frame))
  encoder.push(undefined, 320)
  expect(frames.map((frame) => [...new Set(frame)])).toEqual([[0xff], [0xff]])
})

it('what is louder than loud is cut, not turned over', () => {
  const frames: Int16Array[] = []
  const encoder = createCallerEncoder(8000, (_frame, samples) => frames.push(samples.slice()))
  encoder.push(new Float32Array(160).fill(7), 160)
  expect(frames[0]!.every((sample) => sample === 32_767)).toBe(true)
})
