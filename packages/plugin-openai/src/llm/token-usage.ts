import { countOf, fieldsOf } from '../foreign-fields.ts'
import type { TokenUsage } from './reply-source.ts'

/**
 * The counts so far. Each is a running total, so that the last one counts; a field that says nothing (null, 0) takes
 * back none of what was told before it.
 */
export function mergedUsage(before: unknown, sent: unknown): unknown {
  if (typeof sent !== 'object' || sent === null) return before
  const told = Object.entries(sent).filter(([, value]) => Boolean(value))
  return { ...fieldsOf(before), ...Object.fromEntries(told) }
}

/** By OpenAI's names, or those that gateways take over from the server behind them. */
export function tokenUsage(sent: unknown): TokenUsage {
  const usage = fieldsOf(sent)
  const inputTokens = first(usage, ['prompt_tokens', 'input_tokens', 'promptTokens', 'inputTokens'])
  const total = first(usage, ['total_tokens', 'totalTokens'])
  const outputTokens =
    first(usage, ['completion_tokens', 'output_tokens', 'completionTokens', 'outputTokens']) ||
    Math.max(0, total - inputTokens)
  return {
    inputTokens,
    cachedInputTokens: count(fieldsOf(usage.prompt_tokens_details).cached_tokens),
    outputTokens,
    reasoningTokens: count(fieldsOf(usage.completion_tokens_details).reasoning_tokens),
  }
}

function first(usage: Readonly<Record<string, unknown>>, names: readonly string[]): number {
  return names.map((name) => count(usage[name])).find((tokens) => tokens > 0) ?? 0
}

function count(value: unknown): number {
  return countOf(typeof value === 'string' ? Number(value) : value)
}
