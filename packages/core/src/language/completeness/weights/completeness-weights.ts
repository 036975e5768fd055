/** A trained model as data. */
export interface CompletenessWeights {
  /** Words that count as themselves, between spaces. */
  readonly frequent: string
  /** What one step of a weight is worth. */
  readonly scale: number
  /** A `WeightTable`, base64. */
  readonly table: string
}
