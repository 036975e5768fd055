/** What a detector of turn ends judges: one caller, who has just fallen silent. */
export interface TurnQuestion {
  /**
   * The caller's last seconds up to now, signed 16-bit samples at `sampleRateHz`: from the beginning of their turn, at
   * most the last `windowMs`, the silence at the end included. Empty for a detector with `windowMs` 0.
   */
  readonly audio: Int16Array
  /** The words of the turn so far, as the recogniser has them; may lag behind the sound. */
  readonly text: string
  /** What the agent said last; empty when it has not spoken yet. */
  readonly asked: string
  /** BCP 47 tag of the call. */
  readonly language: string
}

/**
 * Tells from sound, words or both whether a caller who has fallen silent is done. It only says how likely that is;
 * when it is asked and what follows from its answer are the core's, so that they mean the same for every detector.
 */
export interface TurnProvider {
  readonly sampleRateHz: 8000 | 16000
  /** How much sound a judgement looks at, milliseconds; 0: none, the words are enough. */
  readonly windowMs: number
  /** Probability from which the caller counts as done, unless the pipeline says otherwise. */
  readonly threshold: number
  /** Loads what the first judgement would wait for. */
  warm?(): Promise<void>
  /**
   * Judges one question for each place of `probabilities`: 1 the caller is done, 0 they go on. All calls of the process
   * share a batch; the core has at most one in flight. Both arrays and every `audio` are lent until it settles.
   */
  judge(questions: readonly TurnQuestion[], probabilities: Float32Array): Promise<void> | void
  close(): Promise<void>
}
