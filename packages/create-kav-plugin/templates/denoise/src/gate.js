// @ts-check

const FULL_SCALE = 32_768
/** What is left of noise: 20 dB less. */
const QUIETER = 0.1

/** How much sound is judged at once, and so how much later it comes out. */
export const FRAME_MS = 10

/** One caller's gate: frames below a level come out quieter. */
export class Gate {
  /** @type {Int16Array} */
  #frame
  /** Samples of it that have been given. */
  #filled = 0
  /** The frame before, as it comes out. @type {Int16Array} */
  #clean
  #noiseDb

  /**
   * @param {number} sampleRateHz
   * @param {number} noiseDb
   */
  constructor(sampleRateHz, noiseDb) {
    this.#frame = new Int16Array((sampleRateHz * FRAME_MS) / 1000)
    this.#clean = new Int16Array(this.#frame.length)
    this.#noiseDb = noiseDb
  }

  /**
   * Puts in the place of the samples what was given a frame before, whatever the cut.
   *
   * @param {Int16Array} samples
   */
  process(samples) {
    for (let at = 0; at < samples.length; at++) {
      const later = this.#clean[this.#filled] ?? 0
      this.#frame[this.#filled++] = samples[at] ?? 0
      samples[at] = later
      if (this.#filled === this.#frame.length) this.#next()
    }
  }

  #next() {
    const gain = levelDb(this.#frame) < this.#noiseDb ? QUIETER : 1
    this.#frame.forEach((sample, at) => (this.#clean[at] = Math.round(sample * gain)))
    this.#filled = 0
  }
}

/**
 * Level in dB of full scale; -Infinity for digital silence.
 *
 * @param {Int16Array} samples
 */
function levelDb(samples) {
  let sum = 0
  for (const sample of samples) sum += (sample / FULL_SCALE) ** 2
  return 10 * Math.log10(sum / samples.length)
}
