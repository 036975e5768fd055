/** One call's detector state: a few KB that the provider reads and writes in `rate`. */
export interface VadStream {
  close(): void
}

/**
 * Rates windows of speech. It only says how likely each window is voice; onset, hangover and minimum
 * durations are the core's, so that they mean the same for every detector.
 */
export interface VadProvider {
  readonly sampleRateHz: 8000 | 16000
  /** Samples per window, fixed (256 at 8 kHz is 32 ms). */
  readonly windowSamples: number
  /** Probability at which a window counts as voice unless the pipeline says otherwise. */
  readonly threshold: number
  openStream(): VadStream
  /**
   * Rates one window for each stream: `windows` holds `streams.length` windows of signed 16-bit samples one after
   * the other, `probabilities` takes as many results. All calls of the process share one batch; the core has at
   * most one batch in flight and never two windows of one stream in it. All three are lent until it settles, and the list is left as it is.
   * Throws or rejects with a `ProviderError`, also once it is closed, and never hangs.
   */
  rate(streams: readonly VadStream[], windows: Int16Array, probabilities: Float32Array): Promise<void> | void
  close(): Promise<void>
}
