import type {
  LanguageModelV3Message,
  LanguageModelV3ToolCallPart,
  LanguageModelV3ToolResultPart,
} from '@ai-sdk/provider'
import type { LlmAssistantMessage, LlmMessage, LlmToolCall } from '@kav/core'
import { thoughtOf } from './kept-thought.ts'

/** Stands for the caller where the agent spoke first: Anthropic and Gemini want a user to begin. */
const CALL_BEGAN = '(The call is connected.)'

/**
 * The conversation as the AI SDK has it. System messages stand first and as one, or its packages refuse them; half a
 * pair of call and result, which an interruption may leave, is left out, or the model's server does.
 */
export function promptOf(messages: readonly LlmMessage[], origin: string): LanguageModelV3Message[] {
  const answered = new Set(
    messages.flatMap((message) => (message.role === 'tool' ? [message.toolCallId] : [])),
  )
  const names = new Map<string, string>()
  const prompt: LanguageModelV3Message[] = []
  for (const message of messages) {
    if (message.role === 'user') addUser(prompt, message.content)
    if (message.role === 'tool') addResult(prompt, names, message)
    if (message.role !== 'assistant') continue
    const calls = (message.toolCalls ?? []).filter(({ id }) => answered.has(id))
    for (const { id, name } of calls) names.set(id, name)
    const content = [...textParts(message, origin), ...calls.flatMap((call) => callParts(call, origin))]
    if (content.length === 0) continue
    if (prompt.length === 0) addUser(prompt, CALL_BEGAN)
    // Thoughts stand before what came of them, and a server wants them first.
    prompt.push({ role: 'assistant', content: content.sort((one, other) => rank(one) - rank(other)) })
  }
  const system = messages.flatMap(({ role, content }) =>
    role === 'system' && content !== '' ? [content] : [],
  )
  if (system.length > 0) prompt.unshift({ role: 'system', content: system.join('\n\n') })
  return prompt
}

function addUser(prompt: LanguageModelV3Message[], content: string): void {
  if (content !== '') prompt.push({ role: 'user', content: [{ type: 'text', text: content }] })
}

function addResult(
  prompt: LanguageModelV3Message[],
  names: ReadonlyMap<string, string>,
  { toolCallId, content }: Extract<LlmMessage, { role: 'tool' }>,
): void {
  const toolName = names.get(toolCallId)
  if (toolName === undefined) return
  const result: LanguageModelV3ToolResultPart = {
    type: 'tool-result',
    toolCallId,
    toolName,
    output: { type: 'text', value: content },
  }
  const last = prompt.at(-1)
  if (last?.role === 'tool') last.content.push(result)
  else prompt.push({ role: 'tool', content: [result] })
}

/** Words of which nothing was heard are not sent, and neither is what was thought for them. */
function textParts({ content, opaque }: LlmAssistantMessage, origin: string) {
  if (content === '') return []
  const { before, options } = thoughtOf(opaque, origin)
  return [...before, { type: 'text' as const, text: content, ...(options && { providerOptions: options }) }]
}

function callParts(call: LlmToolCall, origin: string) {
  const { before, options } = thoughtOf(call.opaque, origin)
  const part: LanguageModelV3ToolCallPart = {
    type: 'tool-call',
    toolCallId: call.id,
    toolName: call.name,
    input: objectOf(call.arguments),
    ...(options !== undefined && { providerOptions: options }),
  }
  return [...before, part]
}

function rank({ type }: { readonly type: string }): number {
  return ['reasoning', 'text', 'tool-call'].indexOf(type)
}

/** Servers fail at a conversation with arguments that are no object, whoever wrote them. */
function objectOf(text: string): unknown {
  try {
    const read: unknown = JSON.parse(text)
    const value: unknown = typeof read === 'string' ? JSON.parse(read) : read
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  } catch {
    return {}
  }
}
