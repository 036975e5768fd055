import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeAlaw, decodeMulaw } from '../../../../src/audio/g711.ts'
import { BandMeter } from '../../../../src/pipeline/hearing/echo/band-meter.ts'
import { BANDS, BandRing, CELL_MS } from '../../../../src/pipeline/hearing/echo/band-ring.ts'

const CELL = 8 * CELL_MS

function measure(pieces: readonly Uint8Array[], encoding: 'mulaw' | 'alaw' | 'linear16'): BandRing {
  const ring = new BandRing(64)
  const meter = new BandMeter({ encoding, sampleRateHz: 8000 }, ring)
  for (const piece of pieces) meter.push(piece)
  return ring
}

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
        const { powers, end } = measure([bytes], encoding)
        expect(end).toBe(samples.length / CELL)
        for (let cell = 0; cell < end; cell++) {
          const whole =
            samples.slice(cell * CELL, (cell + 1) * CELL).reduce((sum, x) => sum + x * x, 0) / CELL
          const bands = powers.slice(cell * BANDS, (cell + 1) * BANDS).reduce((sum, x) => sum + x, 0)
          expect(bands / (whole + 1)).toBeCloseTo(whole / (whole + 1), 4)
        }
      }),
    )
  })

  it('does not depend on how the sound was cut', () => {
    fc.assert(
      fc.property(sound, fc.integer({ min: 1, max: CELL * 4 - 1 }), (bytes, cut) => {
        const cutUp = measure([bytes.subarray(0, cut), bytes.subarray(cut)], 'mulaw')
        expect(cutUp.powers).toEqual(measure([bytes], 'mulaw').powers)
      }),
    )
  })
})

describe('a ring of powers', () => {
  it('is silent where nothing was written, before and behind', () => {
    const ring = measure([new Uint8Array(CELL * 4).fill(0x10)], 'mulaw')
    ring.moveTo(2)
    expect(ring.powers.slice(0, 2 * BANDS).some((power) => power > 0)).toBe(true)
    expect(ring.powers.slice(2 * BANDS, 4 * BANDS).every((power) => power === 0)).toBe(true)
    ring.moveTo(70)
    expect(ring.powers.every((power) => power === 0)).toBe(true)
    expect(ring.holds(6)).toBe(true)
    expect(ring.holds(5)).toBe(false)
  })
})
