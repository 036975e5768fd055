import type { LlmTool, LlmToolCall } from '../contracts/llm.ts'

/** What the model may do besides speaking. */
export const HANG_UP_TOOL: LlmTool = Object.freeze({
  name: 'hang_up',
  description: 'Ends the call once the caller has heard everything you said. Say goodbye first.',
  parameters: { type: 'object', properties: {}, additionalProperties: false },
})

export interface ToolOutcome {
  /** What the model is told. */
  readonly content: string
  readonly failed?: boolean
  /** The call ends once the reply has been heard. */
  readonly hangUp?: boolean
}

export function runTool(call: LlmToolCall): ToolOutcome {
  if (call.name === HANG_UP_TOOL.name) return { content: 'The call ends after your words.', hangUp: true }
  return { content: `There is no tool named ${JSON.stringify(call.name)}.`, failed: true }
}
