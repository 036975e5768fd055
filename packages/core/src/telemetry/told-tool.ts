/** A tool as events name it. */
export interface ToldTool {
  readonly turn: number
  /** One of the pipeline's, or `MADE_UP_TOOL`. */
  readonly tool: string
  /** What the model called it that has no such tool: as private as what it says. */
  readonly madeUp?: string
}

/** Stands in the place of a name that the model made up. */
export const MADE_UP_TOOL = '(made up)'

export function toldTool(turn: number, name: string, tools: readonly { readonly name: string }[]): ToldTool {
  return tools.some((tool) => tool.name === name)
    ? { turn, tool: name }
    : { turn, tool: MADE_UP_TOOL, madeUp: name }
}
