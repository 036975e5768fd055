import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ALAW_TO_LINEAR, decodeAlaw, decodeMulaw, encodeAlaw, encodeMulaw } from '../../src/audio/g711.ts'

const EVERY_SAMPLE = Int16Array.from({ length: 65536 }, (_, i) => i - 32768)
const EVERY_CODE = Uint8Array.from({ length: 256 }, (_, i) => i)

/** A-law from the text of ITU-T G.711 table 1a: the nearest decision interval, found by search. */
function alawBySearch(sample: number): number {
  // The reference works on 13 bits: the lowest three of 16 are cut off, negative values by one's complement.
  const magnitude = (sample < 0 ? ~sample : sample) >> 4
  // Decision values of the positive half, in units of 16: two linear segments, then steps that double.
  let code = 0
  let lowest = 0
  for (let segment = 0; segment < 8; segment++) {
    const step = segment < 2 ? 1 : 1 << (segment - 1)
    for (let interval = 0; interval < 16; interval++, code++) {
      if (magnitude < lowest + step) return (sample < 0 ? code : code | 0x80) ^ 0x55
      lowest += step
    }
  }
  throw new Error(`no interval holds ${sample}`)
}

describe('mu-law', () => {
  it('encodes all 65,536 samples as the ITU-T G.191 reference does', () => {
    const digest = createHash('sha256').update(encodeMulaw(EVERY_SAMPLE)).digest('hex')
    expect(digest).toMatch(/^90c29de5[0-9a-f]*ce28c$/)
  })

  it.each([
    [0, 0xff],
    [4, 0xfe],
    [8, 0xfe],
    [100, 0xf2],
    [132, 0xef],
    [500, 0xdc],
    [1000, 0xce],
    [4000, 0xaf],
    [8000, 0xa0],
    [16000, 0x90],
    [32767, 0x80],
    [-1, 0x7f],
    [-4, 0x7f],
    [-5, 0x7e],
    [-100, 0x73],
    [-132, 0x6f],
    [-500, 0x5c],
    [-1000, 0x4e],
    [-4000, 0x2f],
    [-8000, 0x20],
    [-16000, 0x10],
    [-32768, 0x00],
  ])('encodes %i as the reference does', (sample, code) => {
    expect(encodeMulaw(Int16Array.of(sample))[0]).toBe(code)
  })

  it.each([
    [0x00, -32124],
    [0x80, 32124],
    [0xff, 0],
    [0x7f, 0],
    [0x0f, -16764],
    [0x1f, -8316],
  ])('decodes code %i as everyone does', (code, sample) => {
    expect(decodeMulaw(Uint8Array.of(code))[0]! + 0).toBe(sample)
  })

  it('gives every code back after a round trip, negative zero as zero', () => {
    const back = encodeMulaw(decodeMulaw(EVERY_CODE))
    expect([...back]).toEqual([...EVERY_CODE].map((code) => (code === 0x7f ? 0xff : code)))
  })

  it('never moves a sample by more than half a step of its segment', () => {
    const back = decodeMulaw(encodeMulaw(EVERY_SAMPLE))
    for (let i = 0; i < EVERY_SAMPLE.length; i++) {
      const sample = EVERY_SAMPLE[i]!
      const magnitude = Math.min(Math.abs(sample), 32635) + 132
      const step = 1 << Math.max(3, Math.floor(Math.log2(magnitude)) - 4)
      // Clipping and the cut of the two lowest bits come on top.
      const allowed = step / 2 + 4 + Math.max(0, Math.abs(sample) - 32635)
      if (Math.abs(back[i]! - sample) > allowed) expect.fail(`${sample} became ${back[i]}`)
    }
  })
})

describe('A-law', () => {
  it('encodes all 65,536 samples into the interval of G.711 table 1a that holds them', () => {
    expect(Buffer.from(encodeAlaw(EVERY_SAMPLE)).equals(Uint8Array.from(EVERY_SAMPLE, alawBySearch))).toBe(
      true,
    )
  })

  it('decodes each code to the middle of its interval', () => {
    const codes = encodeAlaw(EVERY_SAMPLE)
    const sums = new Map<number, { low: number; high: number }>()
    codes.forEach((code, i) => {
      const known = sums.get(code)
      sums.set(code, { low: known?.low ?? EVERY_SAMPLE[i]!, high: EVERY_SAMPLE[i]! })
    })
    expect(sums.size).toBe(256)
    for (const [code, { low, high }] of sums) {
      expect(Math.abs(ALAW_TO_LINEAR[code]! - (low + high) / 2)).toBeLessThanOrEqual(0.5)
    }
  })

  it('gives every code back after a round trip', () => {
    expect([...encodeAlaw(decodeAlaw(EVERY_CODE))]).toEqual([...EVERY_CODE])
  })
})
