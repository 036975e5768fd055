import type { LlmTool, LlmToolCall } from '../contracts/llm.ts'
import type { ToolFiller } from './tool-settings.ts'

/**
 * Everything the model may do besides speaking, as the reply sees it. Made per call; what it holds (built-in,
 * HTTP and code tools) is none of the reply's business.
 */
export interface ToolBox {
  readonly tools: readonly LlmTool[]
  /** Tools during which the caller is meant to hear no filler. */
  readonly silentTools?: ReadonlySet<string>
  /** Tools that end the call, or the agent's part in it. */
  readonly endingTools?: ReadonlySet<string>
  /** Tools that have fillers of their own. */
  readonly fillers?: ReadonlyMap<string, ToolFiller>
  /**
   * Runs one call of the model. Never rejects: a failure is an outcome that the model is told. `signal` aborts with a
   * `Cut`: the words of that outcome depend on whose it was.
   */
  run(call: LlmToolCall, signal: AbortSignal): Promise<ToolOutcome>
}

export interface ToolOutcome {
  /** What the model is told. */
  readonly content: string
  readonly failed?: boolean
  /** The reply was cut while it ran, but it is left to finish: what became of it. Never rejects. */
  readonly later?: Promise<ToolOutcome>
  /** What happens once the caller has heard the reply; the model is not asked again. */
  readonly thenEnd?: { readonly how: 'hang-up' } | { readonly how: 'transfer'; readonly to: string }
}

/** What the model is told of a call beyond the rounds of a reply. */
export const TOO_MANY_CALLS = 'Too many tool calls in a row. Answer the caller now.'

/** Of one that was to end the call, beside another that is to. */
export const SECOND_END = 'Not carried out: another call of the same answer was to end the call already.'

/** The built-in that every call has: the model ends the conversation. */
export const HANG_UP_TOOL: LlmTool = Object.freeze({
  name: 'hang_up',
  description: 'Ends the call once the caller has heard everything you said. Say goodbye first.',
  parameters: { type: 'object', properties: {}, additionalProperties: false },
})

/** A box with `hang_up` alone. */
export const BASIC_TOOL_BOX: ToolBox = Object.freeze({
  tools: [HANG_UP_TOOL],
  endingTools: new Set([HANG_UP_TOOL.name]),
  async run(call: LlmToolCall): Promise<ToolOutcome> {
    if (call.name === HANG_UP_TOOL.name) {
      return { content: 'The call ends after your words.', thenEnd: { how: 'hang-up' } }
    }
    return { content: `There is no tool named ${JSON.stringify(call.name)}.`, failed: true }
  },
})
