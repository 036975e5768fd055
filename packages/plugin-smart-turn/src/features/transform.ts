/** Complex values, real and imaginary parts apart. */
export interface Complex {
  readonly re: Float64Array
  readonly im: Float64Array
}

/** Joins `radix` transforms of `done` points each into one, for all of them. */
type Stage = (from: Complex, to: Complex) => void

/**
 * The discrete Fourier transform of `size` values, a product of twos and fives. Stockham's order: each stage reads one
 * memory and writes the other, so that nothing has to be put in order afterwards.
 */
export function createTransform(size: number): (input: Complex, output: Complex) => void {
  const stages: Stage[] = []
  for (let done = 1; done < size;) {
    const radix = (size / done) % 2 === 0 ? 2 : 5
    if ((size / done) % radix !== 0) throw new RangeError(`${size} is no product of twos and fives`)
    stages.push(radix === 2 ? joinTwos(size, done) : joinFives(size, done))
    done *= radix
  }
  const spare: Complex = { re: new Float64Array(size), im: new Float64Array(size) }
  return (input, output) => {
    let from = input
    for (let index = 0; index < stages.length; index++) {
      // The last one has to end in the output.
      const to = (stages.length - index) % 2 === 1 ? output : spare
      stages[index]!(from, to)
      from = to
    }
  }
}

/** `e^(-2πi · numerator / denominator)` for as many numerators. */
function turnsOf(count: number, denominator: number, factor = 1): Complex {
  const angle = (_: unknown, at: number) => (-2 * Math.PI * at * factor) / denominator
  const angles = Array.from({ length: count }, angle)
  return { re: Float64Array.from(angles, Math.cos), im: Float64Array.from(angles, Math.sin) }
}

function joinTwos(size: number, done: number): Stage {
  const groups = size / (2 * done)
  const turns = turnsOf(done, 2 * done)
  return (from, to) => {
    for (let point = 0; point < done; point++) {
      const [turnRe, turnIm] = [turns.re[point]!, turns.im[point]!]
      for (let group = 0; group < groups; group++) {
        const first = group * done + point
        const second = first + groups * done
        const re = from.re[second]! * turnRe - from.im[second]! * turnIm
        const im = from.re[second]! * turnIm + from.im[second]! * turnRe
        const target = 2 * group * done + point
        to.re[target] = from.re[first]! + re
        to.im[target] = from.im[first]! + im
        to.re[target + done] = from.re[first]! - re
        to.im[target + done] = from.im[first]! - im
      }
    }
  }
}

const COS_1 = Math.cos((2 * Math.PI) / 5)
const COS_2 = Math.cos((4 * Math.PI) / 5)
const SIN_1 = Math.sin((2 * Math.PI) / 5)
const SIN_2 = Math.sin((4 * Math.PI) / 5)

/** Terms 1 and 4, 2 and 3 are conjugate in what they are multiplied by: their sums and differences do. */
function joinFives(size: number, done: number): Stage {
  const groups = size / (5 * done)
  const step = groups * done
  const turns = [1, 2, 3, 4].map((term) => turnsOf(done, 5 * done, term))
  const termRe = new Float64Array(5)
  const termIm = new Float64Array(5)

  function turnTerms(from: Complex, source: number, point: number): void {
    termRe[0] = from.re[source]!
    termIm[0] = from.im[source]!
    for (let term = 1; term < 5; term++) {
      const { re, im } = turns[term - 1]!
      const [ownRe, ownIm] = [from.re[source + term * step]!, from.im[source + term * step]!]
      termRe[term] = ownRe * re[point]! - ownIm * im[point]!
      termIm[term] = ownRe * im[point]! + ownIm * re[point]!
    }
  }

  /** One part of both pairs: the sums by `near` and `far` cosines, the differences by sines. */
  function write(
    to: Complex,
    part: number,
    target: number,
    cosines: readonly number[],
    sines: readonly number[],
  ) {
    const [nearCos, farCos] = cosines as [number, number]
    const [nearSin, farSin] = sines as [number, number]
    const nearRe = termRe[1]! + termRe[4]!
    const nearIm = termIm[1]! + termIm[4]!
    const farRe = termRe[2]! + termRe[3]!
    const farIm = termIm[2]! + termIm[3]!
    const evenRe = termRe[0]! + nearCos * nearRe + farCos * farRe
    const evenIm = termIm[0]! + nearCos * nearIm + farCos * farIm
    const oddRe = nearSin * (termRe[1]! - termRe[4]!) + farSin * (termRe[2]! - termRe[3]!)
    const oddIm = nearSin * (termIm[1]! - termIm[4]!) + farSin * (termIm[2]! - termIm[3]!)
    to.re[target + part * done] = evenRe + oddIm
    to.im[target + part * done] = evenIm - oddRe
    to.re[target + (5 - part) * done] = evenRe - oddIm
    to.im[target + (5 - part) * done] = evenIm + oddRe
  }

  const [firstCosines, firstSines] = [
    [COS_1, COS_2],
    [SIN_1, SIN_2],
  ] as const
  const [secondCosines, secondSines] = [
    [COS_2, COS_1],
    [SIN_2, -SIN_1],
  ] as const
  return (from, to) => {
    for (let point = 0; point < done; point++) {
      for (let group = 0; group < groups; group++) {
        turnTerms(from, group * done + point, point)
        const target = 5 * group * done + point
        to.re[target] = termRe[0]! + termRe[1]! + termRe[2]! + termRe[3]! + termRe[4]!
        to.im[target] = termIm[0]! + termIm[1]! + termIm[2]! + termIm[3]! + termIm[4]!
        write(to, 1, target, firstCosines, firstSines)
        write(to, 2, target, secondCosines, secondSines)
      }
    }
  }
}
