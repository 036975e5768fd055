import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createLogMel, FRAMES, MELS } from '../src/features/log-mel.ts'
import { createMelFilters } from '../src/features/mel-filters.ts'
import { createPowerSpectrum } from '../src/features/real-spectrum.ts'
import { createTransform } from '../src/features/transform.ts'
import { REFERENCE_SOUNDS } from './reference-sounds.ts'

interface Vector {
  readonly mean: number
  readonly meanSquare: number
  /** Every 199th value, base64 of 32-bit floats. */
  readonly features: string
}

const STRIDE = 199
/** Of values that lie between about -1.5 and 2.5; the reference's own single precision is no finer. */
const MOST_APART = 1e-4

const vectors = JSON.parse(
  readFileSync(new URL('./reference/vectors.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Vector>>
const logMel = createLogMel()

function featuresOf(samples: Int16Array): Float32Array {
  const features = new Float32Array(MELS * FRAMES)
  logMel(samples, features)
  return features
}

describe('the features', () => {
  it('are compared for every sound of the reference', () =>
    expect(Object.keys(vectors)).toEqual(Object.keys(REFERENCE_SOUNDS)))

  it.each(Object.entries(vectors))('are those of the reference: %s', (name, vector) => {
    const features = featuresOf(REFERENCE_SOUNDS[name]!)
    const wanted = new Float32Array(new Uint8Array(Buffer.from(vector.features, 'base64')).buffer)
    const apart = wanted.map((value, at) => Math.abs(value - features[at * STRIDE]!))
    expect(apart.length).toBe(Math.ceil(features.length / STRIDE))
    expect(Math.max(...apart)).toBeLessThan(MOST_APART)
    // The values between those that were kept.
    const mean = features.reduce((sum, value) => sum + value, 0) / features.length
    const meanSquare = features.reduce((sum, value) => sum + value * value, 0) / features.length
    expect(Math.abs(mean - vector.mean)).toBeLessThan(MOST_APART)
    expect(Math.abs(meanSquare - vector.meanSquare)).toBeLessThan(MOST_APART)
  })

  it('know nothing of the sound before', () => {
    const [speech, noise] = [
      REFERENCE_SOUNDS['speech shorter than 8 s']!,
      REFERENCE_SOUNDS['full-scale noise']!,
    ]
    const first = featuresOf(speech)
    featuresOf(noise)
    expect(featuresOf(speech).every((value, at) => value === first[at])).toBe(true)
  })
})

describe('the transform', () => {
  it.each([2, 5, 10, 40, 200])('of %i values is that of the definition', (size) => {
    const input = { re: new Float64Array(size), im: new Float64Array(size) }
    for (let at = 0; at < size; at++) {
      input.re[at] = Math.sin(at * at)
      input.im[at] = Math.cos(3 * at)
    }
    const output = { re: new Float64Array(size), im: new Float64Array(size) }
    createTransform(size)(input, output)
    for (let bin = 0; bin < size; bin++) {
      let [re, im] = [0, 0]
      for (let at = 0; at < size; at++) {
        const angle = (-2 * Math.PI * at * bin) / size
        re += input.re[at]! * Math.cos(angle) - input.im[at]! * Math.sin(angle)
        im += input.re[at]! * Math.sin(angle) + input.im[at]! * Math.cos(angle)
      }
      expect(output.re[bin]).toBeCloseTo(re, 9)
      expect(output.im[bin]).toBeCloseTo(im, 9)
    }
  })

  it('is made for twos and fives alone', () => {
    expect(() => createTransform(6)).toThrow('6 is no product of twos and fives')
  })

  it('gives the powers of a real tone to its own bin', () => {
    const frame = Float64Array.from({ length: 400 }, (_, at) => Math.cos((2 * Math.PI * 25 * at) / 400))
    const powers = new Float64Array(201)
    createPowerSpectrum(400)(frame, powers)
    powers.forEach((power, bin) => expect(power).toBeCloseTo(bin === 25 ? 200 ** 2 : 0, 6))
  })
})

it('mel filters are triangles of one area that leave no bin between 100 Hz and 7900 Hz out', () => {
  const filters = createMelFilters(80, 201, 16_000)
  const heard = new Float64Array(201)
  for (const { firstBin, weights } of filters)
    weights.forEach((weight, at) => (heard[firstBin + at]! += weight))
  expect(filters).toHaveLength(80)
  expect(Math.min(...heard.subarray(3, 198))).toBeGreaterThan(0)
  // The wide ones, which the bins cover finely: area 1 in Hz, bins of 40 Hz.
  for (const { weights } of filters.slice(60)) {
    expect(weights.reduce((sum, weight) => sum + weight * 40, 0)).toBeCloseTo(1, 1)
  }
})
