/**
 * Samples of one side on their way to the ear. It begins to give when `leadSamples` are there, and again after it ran
 * dry; when too many wait (a line that was held up), the oldest are left out, so that what is heard is what is said now.
 */
export interface JitterRing {
  put(samples: Float32Array): void
  /** Fills `target`, with silence where nothing is there. */
  take(target: Float32Array): void
  readonly waiting: number
}

export function createJitterRing(leadSamples: number, maxSamples: number): JitterRing {
  const ring = new Float32Array(maxSamples)
  let read = 0
  let waiting = 0
  let isFlowing = false
  return {
    get waiting() {
      return waiting
    },
    put(samples) {
      for (const sample of samples) {
        ring[(read + waiting) % maxSamples] = sample
        if (waiting < maxSamples) waiting++
        else read = (read + 1) % maxSamples
      }
      if (waiting === maxSamples) {
        read = (read + waiting - leadSamples) % maxSamples
        waiting = leadSamples
      }
    },
    take(target) {
      if (!isFlowing && waiting >= leadSamples) isFlowing = true
      for (let at = 0; at < target.length; at++) {
        if (!isFlowing || waiting === 0) {
          isFlowing = false
          target[at] = 0
          continue
        }
        target[at] = ring[read]!
        read = (read + 1) % maxSamples
        waiting--
      }
    },
  }
}
