import { createResampler, encodeMulaw } from '@kav/core/audio'

/** The microphone's samples as the phone network has them: 20 ms frames of mu-law at 8 kHz. */
export interface CallerEncoder {
  /** `samples` from −1 to 1, as many as come; `undefined` for silence of `count` samples. */
  push(samples: Float32Array | undefined, count: number): void
}

const FRAME_SAMPLES = 160

/** @param onFrame its bytes are its owner's from then on; its samples are lent. */
export function createCallerEncoder(
  sampleRateHz: number,
  onFrame: (frame: Uint8Array<ArrayBuffer>, samples: Int16Array) => void,
): CallerEncoder {
  const resampler = createResampler({ fromHz: sampleRateHz, toHz: 8000 })
  const frame = new Int16Array(FRAME_SAMPLES)
  let filled = 0
  let block = new Int16Array(128)

  function take(narrow: Int16Array): void {
    for (const sample of narrow) {
      frame[filled++] = sample
      if (filled < FRAME_SAMPLES) continue
      const codes = new Uint8Array(FRAME_SAMPLES)
      encodeMulaw(frame, codes)
      onFrame(codes, frame)
      filled = 0
    }
  }

  return {
    push(samples, count) {
      if (block.length < count) block = new Int16Array(count)
      const wide = block.subarray(0, count)
      if (samples === undefined) wide.fill(0)
      else for (let at = 0; at < count; at++) wide[at] = toInt16(samples[at] ?? 0)
      take(sampleRateHz === 8000 ? wide : resampler.process(wide))
    },
  }
}

function toInt16(sample: number): number {
  return Math.round(Math.max(-1, Math.min(1, sample)) * 32_767)
}
