import { describe, expect, it } from 'vitest'
import { comfortNoise } from '../../src/audio/comfort-noise.ts'

const RATES = [8000, 16_000, 24_000]
const bytes = (samples: Int16Array): Uint8Array => new Uint8Array(samples.buffer)
const rmsDb = (samples: Int16Array): number =>
  20 * Math.log10(Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length) / 32_767)

/** Power of these samples round a frequency, over stretches of 64 ms. */
function power(samples: Int16Array, sampleRateHz: number, hz: number): number {
  const size = Math.round(0.064 * sampleRateHz)
  const step = (2 * Math.PI * hz) / sampleRateHz
  let sum = 0
  for (let start = 0; start + size <= samples.length; start += size) {
    let [re, im] = [0, 0]
    for (let at = 0; at < size; at++) {
      const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / size)
      re += samples[start + at]! * window * Math.cos(step * at)
      im += samples[start + at]! * window * Math.sin(step * at)
    }
    sum += re * re + im * im
  }
  return sum
}

describe('the noise of a line on which nobody speaks', () => {
  it.each(RATES)('is as loud as asked at %i Hz, the same each time, and as long', (sampleRateHz) => {
    for (const db of [-60, -50, -30]) {
      const noise = comfortNoise({ sampleRateHz }, 2, db)
      expect(noise).toHaveLength(2 * sampleRateHz)
      expect(Math.abs(rmsDb(noise) - db)).toBeLessThan(0.5)
      expect(Buffer.compare(bytes(comfortNoise({ sampleRateHz }, 2, db)), bytes(noise))).toBe(0)
    }
  })

  it.each(RATES)('has the spectrum of a line at %i Hz: no hum, no hiss', (sampleRateHz) => {
    const noise = comfortNoise({ sampleRateHz }, 4, -40)
    const db = (hz: number): number => 10 * Math.log10(power(noise, sampleRateHz, hz))
    const voiceDb = db(500)
    expect(voiceDb - db(50)).toBeGreaterThan(5)
    expect(voiceDb - db(2000)).toBeGreaterThan(5)
    expect(voiceDb - db(3500)).toBeGreaterThan(8)
  })

  it('goes over from its end into its beginning without a click', () => {
    const noise = comfortNoise({ sampleRateHz: 8000 }, 1, -30)
    const steps = Array.from(noise, (sample, at) => Math.abs(sample - noise.at(at - 1)!))
    const inside = steps.slice(1).sort((a, b) => a - b)
    expect(steps[0]).toBeLessThanOrEqual(inside.at(-1)!)
    // Nor does it get softer there.
    const seam = Int16Array.from([...noise.subarray(-400), ...noise.subarray(0, 400)])
    expect(Math.abs(rmsDb(seam) - rmsDb(noise))).toBeLessThan(3)
  })

  it('is heard at -60 dB, and never is a tone that repeats within a second', () => {
    const noise = comfortNoise({ sampleRateHz: 8000 }, 2, -60)
    expect(new Set(noise).size).toBeGreaterThan(50)
    const first = noise.subarray(0, 4000)
    for (const lag of [80, 160, 1000, 4000, 8000]) {
      const later = noise.subarray(lag, lag + 4000)
      const product = first.reduce((sum, sample, at) => sum + sample * later[at]!, 0)
      const own = first.reduce((sum, sample) => sum + sample * sample, 0)
      expect(Math.abs(product / own)).toBeLessThan(0.2)
    }
  })

  it('may be as short as a sample', () => {
    expect(comfortNoise({ sampleRateHz: 8000 }, 0, -60)).toHaveLength(1)
  })
})
