import type { LlmMessage, LlmRequest, LlmTool } from '../contracts/llm.ts'

/** Each tool once for the process: calls share them. */
const lentTools = new WeakMap<LlmTool, LlmTool>()

/**
 * A request as a provider is lent it: it can change nothing of it, neither the call's own history nor what the next
 * provider, or the next call, is given. Opaque data is its provider's own, and is left as it is.
 */
export function lentRequest(request: LlmRequest): LlmRequest {
  return Object.freeze({
    ...request,
    messages: lentMessages(request.messages),
    tools: Object.freeze(request.tools.map(lentTool)),
  })
}

/** The messages themselves, which nobody can change from now on. */
export function lentMessages(messages: readonly LlmMessage[]): readonly LlmMessage[] {
  for (const message of messages) {
    if (Object.isFrozen(message)) continue
    if (message.role === 'assistant' && message.toolCalls !== undefined)
      for (const call of Object.freeze(message.toolCalls)) Object.freeze(call)
    Object.freeze(message)
  }
  return Object.freeze(messages)
}

/** A copy: the schema is the plugin's that has the tool. */
function lentTool(tool: LlmTool): LlmTool {
  const known = lentTools.get(tool)
  if (known !== undefined) return known
  const { name, description, parameters } = tool
  const lent = frozen({ name, description, parameters: structuredClone(parameters) })
  lentTools.set(tool, lent)
  return lent
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) frozen(inner)
  return Object.freeze(value)
}
