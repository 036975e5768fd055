import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createConverter } from '../../src/audio/convert.ts'
import { encodeMulaw } from '../../src/audio/g711.ts'
import { type AudioFormat, formatName, MULAW_8K } from '../../src/contracts/index.ts'

const PCM_8K: AudioFormat = { encoding: 'linear16', sampleRateHz: 8000 }
const PCM_24K: AudioFormat = { encoding: 'linear16', sampleRateHz: 24000 }
const ALAW_8K: AudioFormat = { encoding: 'alaw', sampleRateHz: 8000 }
const FORMATS = [MULAW_8K, ALAW_8K, PCM_8K, PCM_24K, { encoding: 'linear16', sampleRateHz: 22050 } as const]

function convertAll(from: AudioFormat, to: AudioFormat, audio: Uint8Array, sizes: readonly number[]): Buffer {
  const converter = createConverter(from, to)
  const out: Buffer[] = []
  for (let at = 0, turn = 0; at < audio.length; turn++) {
    const size = sizes[turn % sizes.length]!
    out.push(Buffer.from(converter.convert(audio.subarray(at, at + size))))
    at += size
  }
  out.push(Buffer.from(converter.flush()))
  return Buffer.concat(out)
}

describe('a converter', () => {
  const pairs = FORMATS.flatMap((from) => FORMATS.map((to) => [from, to] as const))

  it.each(pairs.map(([from, to]) => [formatName(from), formatName(to), from, to] as const))(
    'from %s to %s gives the same bytes however the input is cut, odd bytes included',
    (_from, _to, from, to) => {
      fc.assert(
        fc.property(
          fc.uint8Array({ maxLength: 600 }),
          fc.array(fc.integer({ min: 1, max: 201 }), { minLength: 1, maxLength: 6 }),
          (audio, sizes) => {
            const whole = convertAll(from, to, audio, [100_000])
            expect(convertAll(from, to, audio, sizes).equals(whole)).toBe(true)
          },
        ),
        { numRuns: 25 },
      )
    },
  )

  it('leaves bytes untouched when both formats are the same', () => {
    const bytes = Uint8Array.of(1, 2, 3)
    expect(createConverter(MULAW_8K, { ...MULAW_8K }).convert(bytes)).toBe(bytes)
  })

  it('reads linear16 as little-endian at any alignment', () => {
    const audio = Buffer.from([0xee, 0xe8, 0x03, 0x18, 0xfc]).subarray(1)
    expect([...createConverter(PCM_8K, MULAW_8K).convert(audio)]).toEqual([
      ...encodeMulaw(Int16Array.of(1000, -1000)),
    ])
  })

  it('forgets half a sample on flush and on reset, so that the next utterance is not noise', () => {
    const sample = Uint8Array.of(0xe8, 0x03)
    for (const end of ['flush', 'reset'] as const) {
      const converter = createConverter(PCM_8K, MULAW_8K)
      converter.convert(Uint8Array.of(0x55))
      converter[end]()
      expect([...converter.convert(sample)]).toEqual([...encodeMulaw(Int16Array.of(1000))])
    }
  })
})
