import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDenoiser } from '../src/denoise/denoiser.ts'

/** A steady hiss: every value as likely as another. */
function hiss(length: number, peak: number): Int16Array {
  let state = 7
  return Int16Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.round(peak * ((state >> 15) / 32_768 - 1))
  })
}

const db = (samples: Int16Array): number =>
  10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 1) / samples.length)

function denoised(samples: Int16Array, cuts: readonly number[] = []): Int16Array {
  const denoiser = createDenoiser()
  const clean: number[] = []
  let from = 0
  for (const cut of [...cuts, samples.length]) {
    clean.push(...denoiser.process(samples.subarray(from, cut)))
    from = cut
  }
  clean.push(...denoiser.flush())
  denoiser.free()
  return Int16Array.from(clean)
}

describe('the denoiser', () => {
  it('takes a hiss down by 15 dB within a second', () => {
    const noise = hiss(16_000, 1500)
    const clean = denoised(noise)
    expect(db(noise.subarray(8000)) - db(clean.subarray(8000))).toBeGreaterThan(15)
  })

  it('gives as much as it got, and the same however it is cut', () => {
    const noise = hiss(4000, 1500)
    const whole = denoised(noise)
    expect(whole).toHaveLength(4000)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4000 }), { maxLength: 30 }), (cuts) => {
        const sorted = [...cuts].sort((a, b) => a - b)
        expect(denoised(noise, sorted)).toEqual(whole)
      }),
      { numRuns: 15 },
    )
  })

  it('keeps the calls of a thread apart', () => {
    const [quiet, loud] = [createDenoiser(), createDenoiser()]
    const silence = new Int16Array(160)
    const noise = hiss(160, 20_000)
    for (let frame = 0; frame < 20; frame++) {
      loud.process(noise)
      expect(db(quiet.process(silence).slice())).toBeLessThan(1)
    }
    quiet.free()
    loud.free()
    loud.free()
  })
})
