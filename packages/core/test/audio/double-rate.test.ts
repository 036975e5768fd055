import { describe, expect, it } from 'vitest'
import { doubleRate } from '../../src/audio/double-rate.ts'

const tone = (hz: number, rateHz: number, length: number): Int16Array =>
  Int16Array.from({ length }, (_, at) => Math.round(10_000 * Math.sin((2 * Math.PI * hz * at) / rateHz)))

describe('twice the rate', () => {
  it.each([200, 1000, 2500, 3200])('is the same tone of %d Hz, 40 dB cleaner than it is loud', (hz) => {
    const doubled = doubleRate(tone(hz, 8000, 800))
    const wanted = tone(hz, 16_000, 1600)
    // The ends have nothing before or behind them.
    const errors = [...doubled.subarray(50, -50)].map((sample, at) => sample - wanted[at + 50]!)
    const rms = Math.sqrt(errors.reduce((sum, each) => sum + each * each, 0) / errors.length)
    expect(rms).toBeLessThan(7071 / 100)
  })

  it('keeps every sample, a level, and the bounds', () => {
    const samples = Int16Array.of(32_767, 32_767, -32_768, -32_768, 5, 5, 5)
    const doubled = doubleRate(samples)
    expect(doubled.filter((_, at) => at % 2 === 0)).toEqual(samples)
    expect(doubleRate(new Int16Array(100).fill(1234))).toEqual(new Int16Array(200).fill(1234))
    expect(doubleRate(new Int16Array(0))).toHaveLength(0)
  })
})
