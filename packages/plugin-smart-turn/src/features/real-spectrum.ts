import { type Complex, createTransform } from './transform.ts'

/** Powers of the spectrum of one real frame of `size` samples: `size / 2 + 1` bins into `powers`. */
export type PowerSpectrum = (frame: Float64Array, powers: Float64Array) => void

/**
 * A real transform by one complex transform of half the size, whose factors are 2 and 5: 400 is 2 × 2·2·2·5·5. Nothing
 * is allocated by a frame.
 */
export function createPowerSpectrum(size: number): PowerSpectrum {
  const half = size / 2
  const transform = createTransform(half)
  const packed: Complex = { re: new Float64Array(half), im: new Float64Array(half) }
  const { re, im } = { re: new Float64Array(half), im: new Float64Array(half) }
  const turns = Array.from({ length: half + 1 }, (_, bin) => (-2 * Math.PI * bin) / size)
  const cosines = Float64Array.from(turns, Math.cos)
  const sines = Float64Array.from(turns, Math.sin)

  return (frame, powers) => {
    for (let at = 0; at < half; at++) {
      packed.re[at] = frame[2 * at]!
      packed.im[at] = frame[2 * at + 1]!
    }
    transform(packed, { re, im })
    for (let bin = 0; bin <= half; bin++) {
      const own = bin === half ? 0 : bin
      const mirrored = bin === 0 ? 0 : half - bin
      // The transforms of the even and of the odd samples, which lie in one another.
      const evenRe = (re[own]! + re[mirrored]!) / 2
      const evenIm = (im[own]! - im[mirrored]!) / 2
      const oddRe = (im[own]! + im[mirrored]!) / 2
      const oddIm = (re[mirrored]! - re[own]!) / 2
      const sumRe = evenRe + oddRe * cosines[bin]! - oddIm * sines[bin]!
      const sumIm = evenIm + oddRe * sines[bin]! + oddIm * cosines[bin]!
      powers[bin] = sumRe * sumRe + sumIm * sumIm
    }
  }
}
