import { createResampler } from '@kav/core'
import {
  loadRnnoiseEngine,
  RNNOISE_FRAME_SAMPLES,
  RNNOISE_RATE_HZ,
  type RnnoiseEngine,
  type RnnoiseStream,
} from './rnnoise-engine.ts'

/**
 * Takes the noise out of a caller's line at 8 kHz, for workers: some 6 % of a core for each call on a busy machine. What comes out is
 * as much as what went in, in order and later by what RNNoise and the two resamplers look ahead (some 20 ms).
 */
export interface Denoiser {
  /** Samples at 8 kHz, any number. The result is lent: valid until the next call. */
  process(samples: Int16Array): Int16Array
  /** What is still inside at the end, as many samples as are missing. */
  flush(): Int16Array
  free(): void
}

const LINE_RATE_HZ = 8000
/** More than is ever inside. */
const TAIL_SAMPLES = 800

let engine: RnnoiseEngine | undefined

export function createDenoiser(): Denoiser {
  return new LineDenoiser((engine ??= loadRnnoiseEngine()).openStream())
}

class LineDenoiser implements Denoiser {
  readonly #stream: RnnoiseStream
  readonly #up = createResampler({ fromHz: LINE_RATE_HZ, toHz: RNNOISE_RATE_HZ })
  readonly #down = createResampler({ fromHz: RNNOISE_RATE_HZ, toHz: LINE_RATE_HZ })
  readonly #frame = new Float32Array(RNNOISE_FRAME_SAMPLES)
  #filled = 0
  #clean = new Int16Array(RNNOISE_FRAME_SAMPLES * 4)
  #givenSamples = 0
  #gotSamples = 0
  #isFreed = false

  constructor(stream: RnnoiseStream) {
    this.#stream = stream
  }

  process(samples: Int16Array): Int16Array {
    this.#givenSamples += samples.length
    const clean = this.#pass(samples)
    this.#gotSamples += clean.length
    return clean
  }

  flush(): Int16Array {
    const missing = this.#givenSamples - this.#gotSamples
    this.#gotSamples = this.#givenSamples
    return this.#pass(new Int16Array(TAIL_SAMPLES)).subarray(0, missing)
  }

  free(): void {
    if (this.#isFreed) return
    this.#isFreed = true
    this.#stream.free()
  }

  #pass(samples: Int16Array): Int16Array {
    const wide = this.#up.process(samples)
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
    return this.#down.process(this.#clean.subarray(0, count))
  }
}

function clipped(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample)))
}
