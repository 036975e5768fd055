import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDenoiser, DENOISE_DELAY_MS } from '../../src/denoise/denoiser.ts'

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

function denoised(samples: Int16Array, sampleRateHz = 8000, cuts: readonly number[] = []): Int16Array {
  const denoiser = createDenoiser(sampleRateHz)
  const clean = samples.slice()
  let from = 0
  for (const cut of [...cuts, samples.length]) {
    denoiser.process(clean.subarray(from, cut))
    from = cut
  }
  denoiser.free()
  return clean
}

describe('the denoiser', () => {
  it('takes a hiss down by 15 dB within a second', () => {
    const noise = hiss(16_000, 1500)
    const clean = denoised(noise)
    expect(db(noise.subarray(8000)) - db(clean.subarray(8000))).toBeGreaterThan(15)
  })

  // What is cut is silence where a piece is asked for that is not ready: then the delay would be too short.
  it.each([8000, 16_000, 24_000, 48_000])('gives the same at %i Hz however it is cut', (sampleRateHz) => {
    const length = sampleRateHz / 4
    const noise = hiss(length, 8000)
    const whole = denoised(noise, sampleRateHz)
    const silent = whole.findIndex((sample) => sample !== 0)
    expect(silent).toBeLessThanOrEqual((DENOISE_DELAY_MS * sampleRateHz) / 1000)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: length }), { maxLength: 30 }), (cuts) => {
        const sorted = [...cuts].sort((a, b) => a - b)
        expect(denoised(noise, sampleRateHz, sorted)).toEqual(whole)
      }),
      { numRuns: 6 },
    )
  })

  it('keeps the calls of a thread apart', () => {
    const [quiet, loud] = [createDenoiser(8000), createDenoiser(8000)]
    const noise = hiss(160, 20_000)
    for (let frame = 0; frame < 20; frame++) {
      loud.process(noise.slice())
      const silence = new Int16Array(160)
      quiet.process(silence)
      expect(db(silence)).toBeLessThan(1)
    }
    quiet.free()
    loud.free()
    loud.free()
  })
})
