/** A tool call that a model wrote into its text. `arguments`: JSON text. */
export interface WrittenCall {
  readonly name: string
  readonly arguments: string
}
