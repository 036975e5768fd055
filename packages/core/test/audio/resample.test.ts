import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createResampler } from '../../src/audio/resample.ts'
import { levelDb, tone } from './tone.ts'

const RATES: readonly (readonly [number, number])[] = [
  [24000, 8000],
  [16000, 8000],
  [22050, 8000],
  [48000, 8000],
  [8000, 16000],
  [8000, 24000],
]
const DOWN = RATES.slice(0, 4)

/** The whole signal in chunks of these sizes, used in turn. */
function convert(
  rates: readonly [number, number],
  samples: Int16Array,
  sizes: readonly number[],
): Int16Array {
  const resampler = createResampler({ fromHz: rates[0], toHz: rates[1] })
  const out: number[] = []
  for (let at = 0, turn = 0; at < samples.length; turn++) {
    const size = sizes[turn % sizes.length]!
    out.push(...resampler.process(samples.subarray(at, at + size)))
    at += size
  }
  out.push(...resampler.flush())
  return Int16Array.from(out)
}

describe('resampling', () => {
  describe.each(RATES)('from %i to %i Hz', (fromHz, toHz) => {
    it.each([300, 500, 1000, 2000, 3000, 3400])('keeps a tone of %i Hz within 1 dB', (hz) => {
      expect(Math.abs(levelDb(convert([fromHz, toHz], tone(hz, fromHz), [320])))).toBeLessThan(1)
    })

    it('keeps silence silent', () => {
      expect(convert([fromHz, toHz], new Int16Array(1000), [160]).every((sample) => sample === 0)).toBe(true)
    })

    it('gives the same samples however the input is cut', () => {
      const sizes = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 8 })
      const signal = fc.array(fc.integer({ min: -32768, max: 32767 }), { maxLength: 700 })
      fc.assert(
        fc.property(signal, sizes, (values, cut) => {
          const samples = Int16Array.from(values)
          expect(convert([fromHz, toHz], samples, cut)).toEqual(convert([fromHz, toHz], samples, [10_000]))
        }),
        { numRuns: 40 },
      )
    })

    it('gives as many samples as the duration asks for, to the sample', () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 1, max: 999 }), (length, size) => {
          const out = convert([fromHz, toHz], new Int16Array(length), [size])
          expect(out.length).toBe(Math.round((length * toHz) / fromHz))
        }),
        { numRuns: 40 },
      )
    })

    it('starts anew after flush and after reset', () => {
      const resampler = createResampler({ fromHz, toHz })
      const noise = Int16Array.from({ length: 999 }, (_, i) => ((i * 7919) % 60_000) - 30_000)
      const first = [...resampler.process(noise), ...resampler.flush()]
      const afterFlush = [...resampler.process(noise), ...resampler.flush()]
      resampler.process(noise)
      resampler.reset()
      const afterReset = [...resampler.process(noise), ...resampler.flush()]
      expect(afterFlush).toEqual(first)
      expect(afterReset).toEqual(first)
    })
  })

  it.each(
    DOWN.flatMap(([from, to]) =>
      [4100, 4500, 5000, 7000, 9000].filter((hz) => hz < from / 2).map((hz) => [hz, from, to] as const),
    ),
  )('puts a tone of %i Hz at least 40 dB down on the way from %i to %i Hz', (hz, from, to) => {
    expect(levelDb(convert([from, to], tone(hz, from), [480]))).toBeLessThan(-40)
  })

  it('makes no image above 4 kHz when it goes up', () => {
    const up = convert([8000, 16000], tone(1000, 8000), [160])
    // What a clean tone of the same level would be is taken away; the rest is image and noise.
    const clean = tone(1000, 16000)
    expect(levelDb(up.map((sample, i) => sample - clean[i]!))).toBeLessThan(-40)
  })

  it('does not wrap around at full scale', () => {
    const square = Int16Array.from({ length: 4800 }, (_, i) => (Math.floor(i / 24) % 2 ? 32767 : -32768))
    const out = convert([24000, 8000], square, [480])
    for (let i = 40; i < out.length - 40; i++) expect(Math.abs(out[i]!)).toBeGreaterThan(8000)
  })

  it('survives chunks far larger than its first buffers', () => {
    expect(convert([24000, 8000], tone(1000, 24000, 10), [240_000])).toEqual(
      convert([24000, 8000], tone(1000, 24000, 10), [480]),
    )
  })
})
