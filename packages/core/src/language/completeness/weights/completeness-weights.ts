/** A trained model as data. */
export interface CompletenessWeights {
  /** Words that count as themselves, between spaces. */
  readonly frequent: string
  /** What one step of a weight is worth. */
  readonly scale: number
  /** Signed bytes, base64; a feature's place is its hash modulo their number. */
  readonly table: string
}
