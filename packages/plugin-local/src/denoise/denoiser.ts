import { createResampler, type Resampler } from '@kav/core'
import {
  loadRnnoiseEngine,
  RNNOISE_FRAME_SAMPLES,
  RNNOISE_RATE_HZ,
  type RnnoiseEngine,
  type RnnoiseStream,
} from './rnnoise-engine.ts'

/**
 * How much later the sound comes out: 10 ms of RNNoise's own, 10 ms until a frame of it is whole, and what the two
 * resamplers look ahead, at 8 kHz (3.1 ms each; less at higher rates).
 */
export const DENOISE_DELAY_MS = 27
const RNNOISE_DELAY_MS = 10

/** One caller's filter, for workers: some 6 % of a core for each call on a busy machine. */
export interface Denoiser {
  /** Puts in the place of the samples, any number of them, what was given `DENOISE_DELAY_MS` before, without noise. */
  process(samples: Int16Array): void
  free(): void
}

let engine: RnnoiseEngine | undefined

/** Reads the engine where this thread has none yet: throws where it is not there. */
export function loadDenoisers(): void {
  engine ??= loadRnnoiseEngine()
}

export function createDenoiser(sampleRateHz: number): Denoiser {
  loadDenoisers()
  return new LineDenoiser(engine!.openStream(), sampleRateHz)
}

class LineDenoiser implements Denoiser {
  readonly #stream: RnnoiseStream
  readonly #up: Resampler | undefined
  readonly #down: Resampler | undefined
  readonly #frame = new Float32Array(RNNOISE_FRAME_SAMPLES)
  #filled = 0
  #clean = new Int16Array(RNNOISE_FRAME_SAMPLES * 4)
  /** What is ready; silence first, so that there is always as much as was given. */
  #ready: Int16Array
  #readySamples: number
  #isFreed = false

  constructor(stream: RnnoiseStream, sampleRateHz: number) {
    this.#stream = stream
    if (sampleRateHz !== RNNOISE_RATE_HZ) {
      this.#up = createResampler({ fromHz: sampleRateHz, toHz: RNNOISE_RATE_HZ })
      this.#down = createResampler({ fromHz: RNNOISE_RATE_HZ, toHz: sampleRateHz })
    }
    this.#readySamples = ((DENOISE_DELAY_MS - RNNOISE_DELAY_MS) * sampleRateHz) / 1000
    this.#ready = new Int16Array(2 * this.#readySamples)
  }

  process(samples: Int16Array): void {
    const clean = this.#pass(samples)
    const total = this.#readySamples + clean.length
    if (total > this.#ready.length) {
      const larger = new Int16Array(2 * total)
      larger.set(this.#ready.subarray(0, this.#readySamples))
      this.#ready = larger
    }
    this.#ready.set(clean, this.#readySamples)
    samples.set(this.#ready.subarray(0, samples.length))
    this.#ready.copyWithin(0, samples.length, total)
    this.#readySamples = total - samples.length
  }

  free(): void {
    if (this.#isFreed) return
    this.#isFreed = true
    this.#stream.free()
  }

  #pass(samples: Int16Array): Int16Array {
    const wide = this.#up ? this.#up.process(samples) : samples
    if (this.#clean.length < wide.length + RNNOISE_FRAME_SAMPLES)
      this.#clean = new Int16Array(wide.length + RNNOISE_FRAME_SAMPLES)
    let count = 0
    for (const sample of wide) {
      this.#frame[this.#filled++] = sample
      if (this.#filled < RNNOISE_FRAME_SAMPLES) continue
      this.#filled = 0
      this.#stream.process(this.#frame)
      for (const clean of this.#frame) this.#clean[count++] = clipped(clean)
    }
    const clean = this.#clean.subarray(0, count)
    return this.#down ? this.#down.process(clean) : clean
  }
}

function clipped(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample)))
}
