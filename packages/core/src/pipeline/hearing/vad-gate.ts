/**
 * From voice probabilities to "the caller started" and "the caller stopped". Pure: counts audio time only.
 *
 * Starts at the first window at or above `threshold`; from then on `threshold - 0.15` is enough to stay (Silero's
 * own hysteresis), so that one weak window does not cut a word. Stops `hangoverMs` of audio after the last voiced
 * window.
 */
export interface VadGate {
  /** One rated window of `windowMs`. Returns what changed, if anything did. */
  rate(probability: number): 'started' | 'stopped' | undefined
  /** No audio at all will come (a dead line): whoever was speaking has stopped. */
  release(): 'stopped' | undefined
  readonly voiced: boolean
  /** Silence since the last voiced window. */
  readonly silenceMs: number
}

const STAY_MARGIN = 0.15

export function createVadGate(options: { threshold: number; hangoverMs: number; windowMs: number }): VadGate {
  const stayThreshold = Math.max(0.01, options.threshold - STAY_MARGIN)
  let voiced = false
  let silenceMs = 0
  return {
    rate(probability) {
      if (probability >= (voiced ? stayThreshold : options.threshold)) {
        silenceMs = 0
        if (voiced) return undefined
        voiced = true
        return 'started'
      }
      silenceMs += options.windowMs
      if (!voiced || silenceMs < options.hangoverMs) return undefined
      voiced = false
      return 'stopped'
    },
    release() {
      if (!voiced) return undefined
      voiced = false
      return 'stopped'
    },
    get voiced() {
      return voiced
    },
    get silenceMs() {
      return silenceMs
    },
  }
}
