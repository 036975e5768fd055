/** One caller's sound on its way through; what it remembers of one caller is in no other. */
export interface DenoiseSession {
  /**
   * Replaces signed 16-bit samples by as many without the noise, any number at a time: what comes back is what was
   * given `delayMs` earlier, and silence before that. How the sound was cut into pieces changes nothing. The core has
   * one piece of a session under way at most; it is lent until this settles. Throws or rejects with a `ProviderError`,
   * also once it is closed, and never hangs: after that the caller is heard without it.
   */
  clean(samples: Int16Array): Promise<void> | void
  /** Frees what it holds. A piece under way settles; also called twice. */
  close(): void
}

/**
 * Takes the noise out of callers' sound before a recogniser, or the voice detector, hears it. Where the work is more
 * than a lookup it belongs into a thread of the provider's own, crossed with the pieces of all calls at a time. What
 * happens when it fails, hangs or falls behind is the core's: the caller is then heard with the noise, and nothing of
 * them is lost.
 */
export interface DenoiseProvider {
  /** Rates it takes; one that a recogniser has none of cannot stand before that. */
  readonly sampleRatesHz: readonly number[]
  /** How much later the sound comes out than it went in, at any rate. Times of words are corrected by it. */
  readonly delayMs: number
  /** Loads what the first piece would wait for. */
  warm?(): Promise<void>
  /** A new caller, at one of `sampleRatesHz`. Throws a `ProviderError`. */
  openSession(sampleRateHz: number): DenoiseSession
  close(): Promise<void>
}
