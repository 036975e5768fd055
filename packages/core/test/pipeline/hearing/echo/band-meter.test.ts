import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeAlaw, decodeMulaw } from '../../../../src/audio/g711.ts'
import { BandMeter } from '../../../../src/pipeline/hearing/echo/band-meter.ts'
import { BANDS, BandRing, CELL_MS } from '../../../../src/pipeline/hearing/echo/band-ring.ts'

const CELLS = 64
const CELL = 8 * CELL_MS

function measure(pieces: readonly Uint8Array[], encoding: 'mulaw' | 'alaw' | 'linear16'): BandRing {
  const ring = new BandRing(CELLS)
  const meter = new BandMeter({ encoding, sampleRateHz: 8000 }, ring)
  for (const piece of pieces) meter.push(piece)
  return ring
}

const powersOf = (ring: BandRing, cell: number): number[] =>
  Array.from({ length: BANDS }, (_, band) => ring.power(cell, band))
const allOf = (ring: BandRing): number[] =>
  Array.from({ length: CELLS }, (_, cell) => powersOf(ring, cell)).flat()

const sound = fc.uint8Array({ minLength: CELL * 4, maxLength: CELL * 4 })

describe('the power of a sound by band', () => {
  it('adds up to that of its samples, in every encoding', () => {
    fc.assert(
      fc.property(sound, fc.constantFrom('mulaw', 'alaw', 'linear16'), (bytes, encoding) => {
        const samples = {
          mulaw: () => decodeMulaw(bytes),
          alaw: () => decodeAlaw(bytes),
          linear16: () => new Int16Array(bytes.slice().buffer),
        }[encoding]()
        const ring = measure([bytes], encoding)
        const { end } = ring
        expect(end).toBe(samples.length / CELL)
        for (let cell = 0; cell < end; cell++) {
          const whole =
            samples.slice(cell * CELL, (cell + 1) * CELL).reduce((sum, x) => sum + x * x, 0) / CELL
          const bands = powersOf(ring, cell).reduce((sum, x) => sum + x, 0)
          expect(Math.abs(bands - whole)).toBeLessThanOrEqual(whole / 256)
        }
      }),
    )
  })

  it('does not depend on how the sound was cut', () => {
    fc.assert(
      fc.property(sound, fc.integer({ min: 1, max: CELL * 4 - 1 }), (bytes, cut) => {
        const cutUp = measure([bytes.subarray(0, cut), bytes.subarray(cut)], 'mulaw')
        expect(allOf(cutUp)).toEqual(allOf(measure([bytes], 'mulaw')))
      }),
    )
  })
})

describe('a ring of powers', () => {
  it('sums up, and finds the loudest, over its seam', () => {
    const ring = new BandRing(8)
    for (let cell = 0; cell < 12; cell++) {
      for (let band = 0; band < BANDS; band++) ring.put(band, cell * 16 + band)
      ring.end++
    }
    expect(ring.sum(5, 11, 1)).toBe([5, 6, 7, 8, 9, 10].reduce((sum, cell) => sum + cell * 16 + 1, 0))
    expect(ring.loudest(5, 11, 3)).toBe(163)
    expect(ring.power(11, 0)).toBe(176)
  })

  it('is silent where nothing was written, before and behind', () => {
    const ring = measure([new Uint8Array(CELL * 4).fill(0x10)], 'mulaw')
    ring.moveTo(2)
    expect(
      allOf(ring)
        .slice(0, 2 * BANDS)
        .some((power) => power > 0),
    ).toBe(true)
    expect(
      allOf(ring)
        .slice(2 * BANDS, 4 * BANDS)
        .every((power) => power === 0),
    ).toBe(true)
    ring.moveTo(70)
    expect(allOf(ring).every((power) => power === 0)).toBe(true)
    expect(ring.holds(6)).toBe(true)
    expect(ring.holds(5)).toBe(false)
  })
})
