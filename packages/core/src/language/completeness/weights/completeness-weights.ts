/** A trained model as data. */
export interface CompletenessWeights {
  /** Words that count as themselves, between spaces. */
  readonly frequent: string
  /** What one step of a weight is worth. */
  readonly scale: number
  /** Log odds of being done where nothing is known of the words. */
  readonly offset: number
  /** A `WeightTable`, base64. */
  readonly table: string
}
