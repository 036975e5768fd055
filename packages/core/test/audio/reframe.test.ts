import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createReframer, silenceByte } from '../../src/audio/reframe.ts'
import { type AudioFormat, frameBytes, MULAW_8K } from '../../src/contracts/index.ts'

function frames(format: AudioFormat, chunks: readonly Uint8Array[]): Buffer[] {
  const reframer = createReframer(format)
  const out: Buffer[] = []
  const size = frameBytes(format)
  const keep = (whole: Uint8Array): void => {
    for (let at = 0; at < whole.length; at += size) out.push(Buffer.from(whole.subarray(at, at + size)))
  }
  for (const chunk of chunks) {
    const lent = Buffer.from(chunk)
    reframer.push(lent, keep)
    // Whoever kept a lent chunk would hear this.
    lent.fill(0x2a)
  }
  reframer.flush(keep)
  return out
}

describe('a reframer', () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 500 }), { maxLength: 12 })

  it.each<AudioFormat>([
    MULAW_8K,
    { encoding: 'alaw', sampleRateHz: 8000 },
    { encoding: 'linear16', sampleRateHz: 8000 },
  ])('gives whole frames that are the input in order, padded with silence ($encoding)', (format) => {
    const size = frameBytes(format)
    fc.assert(
      fc.property(chunks, (given) => {
        const input = Buffer.concat(given)
        const out = frames(format, given)
        expect(out.every((frame) => frame.length === size)).toBe(true)
        expect(out.length).toBe(Math.ceil(input.length / size))
        const padding = Buffer.alloc(out.length * size - input.length, silenceByte(format))
        expect(Buffer.concat(out).equals(Buffer.concat([input, padding]))).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  it('pads mu-law with 0xFF, since zero bytes are full-scale noise', () => {
    const [frame] = frames(MULAW_8K, [Uint8Array.of(1)])
    expect(frame?.subarray(1).every((byte) => byte === 0xff)).toBe(true)
  })

  it('discards what is left on reset', () => {
    const reframer = createReframer(MULAW_8K)
    const out: number[] = []
    reframer.push(new Uint8Array(100).fill(1), () => undefined)
    reframer.reset()
    reframer.flush((frame) => out.push(frame.length))
    reframer.push(new Uint8Array(160).fill(2), (frame) => out.push(frame[0]!))
    expect(out).toEqual([2])
  })
})
