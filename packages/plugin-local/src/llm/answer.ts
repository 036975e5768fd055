import type { LlmMessage, LlmTool } from '@kav/core'
import type { Match, Matcher } from './matcher.ts'
import { fillSlots } from './phrase.ts'
import type { Script, ScriptThen } from './script-schema.ts'

/** What is said and done in answer to a conversation. */
export interface Answer {
  readonly text: string
  readonly toolCall?: { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }
  /** The intent that matched; absent for fallbacks. */
  readonly intent?: string
  /** Which fallback in a row this is, from 1; absent for matches. */
  readonly fallback?: number
}

/**
 * Decides the answer from the conversation alone: nothing is remembered between replies, so equal messages give
 * equal answers. Pure.
 */
export function decideAnswer(
  script: Script,
  matcher: Matcher,
  messages: readonly LlmMessage[],
  tools: readonly LlmTool[],
): Answer {
  const last = messages.at(-1)
  if (last?.role === 'tool') return answerTool(matcher, messages, last.content)
  const said = messages.filter((message) => message.role === 'user').map((message) => message.content)
  const utterance = said.at(-1)
  if (utterance === undefined) return { text: script.greeting ?? '' }
  const match = matcher(utterance)
  if (match !== undefined) return answerMatch(match, timesSaid(matcher, said, match), tools)
  const inARow = unmatchedInARow(matcher, said)
  const fallback = script.fallbacks[Math.min(inARow, script.fallbacks.length) - 1]
  if (fallback === undefined) return { text: '', fallback: inARow }
  if (typeof fallback === 'string') return { text: fallback, fallback: inARow }
  return { text: fallback.say, fallback: inARow, ...withTool(fallback.then, new Map(), tools) }
}

function answerMatch({ intent, slots }: Match, earlier: number, tools: readonly LlmTool[]): Answer {
  const replies = typeof intent.replies === 'string' ? [intent.replies] : intent.replies
  const text = fillSlots(replies[earlier % replies.length] ?? '', slots)
  return { text, intent: intent.name, ...withTool(intent.then, slots, tools) }
}

/** What is said once a tool has answered. */
function answerTool(matcher: Matcher, messages: readonly LlmMessage[], result: string): Answer {
  const utterance = messages.findLast((message) => message.role === 'user')?.content
  const match = utterance === undefined ? undefined : matcher(utterance)
  const then = match?.intent.then
  if (then === undefined || then === 'hang_up' || then.tool === 'hang_up') return { text: '' }
  const text = then.say === undefined ? result : then.say
  return { text: fillSlots(text, new Map([...(match?.slots ?? []), ['result', result]])) }
}

function timesSaid(matcher: Matcher, said: readonly string[], match: Match): number {
  return said.slice(0, -1).filter((text) => matcher(text)?.intent === match.intent).length
}

function unmatchedInARow(matcher: Matcher, said: readonly string[]): number {
  let count = 0
  for (let index = said.length - 1; index >= 0; index--) {
    if (matcher(said[index] ?? '') !== undefined) break
    count++
  }
  return count
}

/** The tool call, when that tool is offered at all. */
function withTool(
  then: ScriptThen | undefined,
  slots: ReadonlyMap<string, string>,
  tools: readonly LlmTool[],
): Pick<Answer, 'toolCall'> {
  if (then === undefined) return {}
  const wanted = then === 'hang_up' ? { tool: then, arguments: {} } : then
  if (!tools.some((tool) => tool.name === wanted.tool)) return {}
  const filled = Object.entries(wanted.arguments ?? {}).map(([name, value]) => [name, fillDeep(value, slots)])
  return { toolCall: { name: wanted.tool, arguments: Object.fromEntries(filled) as Record<string, unknown> } }
}

function fillDeep(value: unknown, slots: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return fillSlots(value, slots)
  if (Array.isArray(value)) return value.map((item) => fillDeep(item, slots))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fillDeep(item, slots)]))
}
