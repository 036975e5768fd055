import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGain } from '../../src/audio/gain.ts'
import { decodeAlaw, decodeMulaw, encodeAlaw, encodeMulaw } from '../../src/audio/g711.ts'
import type { AudioFormat } from '../../src/index.ts'

const FORMATS = {
  mulaw: { encode: encodeMulaw, decode: decodeMulaw },
  alaw: { encode: encodeAlaw, decode: decodeAlaw },
} as const

const format = (encoding: AudioFormat['encoding']): AudioFormat => ({ encoding, sampleRateHz: 8000 })

describe.each(['mulaw', 'alaw'] as const)('the gain of %s', (encoding) => {
  const { encode, decode } = FORMATS[encoding]

  it('scales every sample, to the accuracy of the code', () => {
    const samples = Int16Array.of(0, 1000, -1000, 8000, -20_000)
    const audio = encode(samples)
    createGain(format(encoding), -20)(audio)
    decode(audio).forEach((sample, index) => {
      expect(Math.abs(sample - samples[index]! / 10)).toBeLessThan(Math.abs(samples[index]!) * 0.006 + 20)
    })
  })

  it('of 0 dB changes nothing that is heard', () => {
    const audio = Uint8Array.from({ length: 256 }, (_, code) => code)
    const before = Int16Array.from(decode(audio))
    createGain(format(encoding), 0)(audio)
    expect(decode(audio)).toEqual(before)
  })
})

describe('the gain of linear16', () => {
  it('scales samples of either sign, clips, and leaves half a sample alone', () => {
    const audio = new Uint8Array(9)
    const view = new DataView(audio.buffer)
    ;[1000, -1000, 32_767, -32_768].forEach((sample, index) => view.setInt16(index * 2, sample, true))
    audio[8] = 77
    createGain(format('linear16'), 20 * Math.log10(2))(audio)
    expect([0, 2, 4, 6].map((at) => view.getInt16(at, true))).toEqual([2000, -2000, 32_767, -32_768])
    expect(audio[8]).toBe(77)
  })

  it('is the same whatever the bytes were before', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 50 }), (samples) => {
        const audio = new Uint8Array(Int16Array.from(samples).buffer)
        createGain(format('linear16'), -18)(audio)
        const scaled = [...new Int16Array(audio.buffer)]
        expect(scaled).toEqual(samples.map((sample) => Math.round(sample * 10 ** (-18 / 20)) || 0))
      }),
    )
  })
})
