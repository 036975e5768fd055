import { describe, expect, it } from 'vitest'
import { atLevel, loopOf } from '../../src/audio/loop.ts'
import { createMixer } from '../../src/audio/mix.ts'
import { createSampleDecoder, createSampleEncoder } from '../../src/audio/convert.ts'

const sine = (count: number, period: number, peak: number): Int16Array =>
  Int16Array.from({ length: count }, (_, at) => Math.round(peak * Math.sin((2 * Math.PI * at) / period)))

const rms = (samples: Int16Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)

const steps = (samples: Int16Array): number[] =>
  Array.from({ length: samples.length - 1 }, (_, at) => Math.abs(samples[at + 1]! - samples[at]!))

describe('a loop', () => {
  it('has no step where its end meets its beginning, although the sound had one', () => {
    // The sound ends at its peak: played round and round, it would jump by 8000.
    const sound = sine(8000 - 20, 80, 8000)
    const jump = Math.abs(sound[0]! - sound.at(-1)!)
    expect(jump).toBeGreaterThan(7000)
    const loop = loopOf(sound, 800)
    expect(loop).toHaveLength(sound.length - 800)
    const twice = new Int16Array([...loop, ...loop])
    // A sine of this period moves by 628 at most; two of them faded at constant power, by half as much again.
    expect(Math.max(...steps(twice))).toBeLessThan(950)
  })

  it('is as loud in its fade as elsewhere, for sound without a period', () => {
    let state = 1
    const noise = Int16Array.from({ length: 40_000 }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return ((state >> 15) % 4000) - 2000
    })
    const loop = loopOf(noise, 8000)
    const ratio = rms(loop.subarray(0, 8000)) / rms(loop.subarray(8000))
    expect(Math.abs(20 * Math.log10(ratio))).toBeLessThan(0.5)
  })

  it.each([-50, -30, -12])('has the mean power that was asked for (%d dB), whatever it had', (levelDb) => {
    for (const peak of [500, 30_000]) {
      const level = 20 * Math.log10(rms(atLevel(sine(8000, 80, peak), levelDb)) / (32_767 / Math.SQRT2))
      expect(Math.abs(level - levelDb)).toBeLessThan(0.3)
    }
  })
})

describe('a mixer', () => {
  it.each(['linear16', 'mulaw', 'alaw'] as const)(
    'adds the loop to %s, over its end, and clips',
    (encoding) => {
      const format = { encoding, sampleRateHz: 8000 }
      const encode = createSampleEncoder(format)
      const loop = Int16Array.from([1000, -1000, 30_000])
      const audio = encode(Int16Array.from([0, 500, 500, -500, 20_000])).slice()
      const at = createMixer(format)(audio, loop, 1)
      expect(at).toBe(0)
      const mixed = createSampleDecoder(format).decode(audio)
      const expected = [-1000, 30_500, 1500, -1500, 32_767]
      mixed.forEach((sample, index) =>
        expect(Math.abs(sample - expected[index]!)).toBeLessThanOrEqual(Math.abs(expected[index]!) / 16 + 8),
      )
    },
  )
})
