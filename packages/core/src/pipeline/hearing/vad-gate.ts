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
  /** Whether such a window is voice, as things are. */
  hears(probability: number): boolean
  /** No audio at all will come (a dead line): whoever was speaking has stopped. */
  release(): 'stopped' | undefined
  readonly voiced: boolean
  /** Silence since the last voiced window. */
  readonly silenceMs: number
}

const STAY_MARGIN = 0.15

export function createVadGate(options: { threshold: number; hangoverMs: number; windowMs: number }): VadGate {
  return new Gate(options.threshold, options.hangoverMs, options.windowMs)
}

class Gate implements VadGate {
  voiced = false
  silenceMs = 0
  readonly #threshold: number
  readonly #stayThreshold: number
  readonly #hangoverMs: number
  readonly #windowMs: number

  constructor(threshold: number, hangoverMs: number, windowMs: number) {
    this.#threshold = threshold
    this.#stayThreshold = Math.max(0.01, threshold - STAY_MARGIN)
    this.#hangoverMs = hangoverMs
    this.#windowMs = windowMs
  }

  rate(probability: number): 'started' | 'stopped' | undefined {
    if (this.hears(probability)) {
      this.silenceMs = 0
      if (this.voiced) return undefined
      this.voiced = true
      return 'started'
    }
    this.silenceMs += this.#windowMs
    if (!this.voiced || this.silenceMs < this.#hangoverMs) return undefined
    this.voiced = false
    return 'stopped'
  }

  hears(probability: number): boolean {
    return probability >= (this.voiced ? this.#stayThreshold : this.#threshold)
  }

  release(): 'stopped' | undefined {
    if (!this.voiced) return undefined
    this.voiced = false
    return 'stopped'
  }
}
