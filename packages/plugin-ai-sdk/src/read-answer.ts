import { randomUUID } from 'node:crypto'
import type { LlmEvent } from '@kav/core'
import { ProviderError } from '@kav/core'
import { countOf, fieldsOf, jsonOf, textOf } from './foreign-fields.ts'
import { createKeptThought, opaqueOf } from './kept-thought.ts'
import { gaveUp, providerErrorFrom } from './provider-error.ts'

/** Tokens of one answer, as the provider counted them. */
export interface TokenUsage {
  readonly inputTokens: number
  readonly cachedInputTokens: number
  readonly outputTokens: number
  readonly reasoningTokens: number
}

/**
 * `usage`, the calls and `end` come together, once, from the part that finishes an answer: only its reason tells whether
 * the calls are whole.
 */
export type AnswerPart =
  | Exclude<LlmEvent, { type: 'usage' }>
  | { readonly type: 'usage'; readonly usage: TokenUsage }
  | { readonly type: 'odd' }

type CallPart = Extract<LlmEvent, { type: 'tool-call' }>
type EndReason = Extract<LlmEvent, { type: 'end' }>['reason']

/** What is said along with an answer and is nothing of it: starts and ends, sources, files, raw chunks. */
const BESIDE = new Set([
  'stream-start',
  'response-metadata',
  'reasoning-end',
  'tool-input-start',
  'tool-input-delta',
  'tool-input-end',
  'tool-result',
  'tool-approval-request',
  'source',
  'file',
  'reasoning-file',
  'custom',
  'raw',
])

/**
 * Reads the parts of one answer's stream, in the shapes of the interface's versions 2 to 4. Throws a `ProviderError`
 * for a part that tells of a fault, and where the answer ended without an end.
 */
export function createAnswerReader(origin: string, doing: string): (part: unknown) => readonly AnswerPart[] {
  const thought = createKeptThought()
  const calls: CallPart[] = []
  let textMetadata: unknown

  function thinks(part: Readonly<Record<string, unknown>>): readonly AnswerPart[] {
    thought.add(String(part.id), textOf(part.delta) ?? '', part.providerMetadata)
    return [{ type: 'thought' }]
  }

  function ended(part: Readonly<Record<string, unknown>>): readonly AnswerPart[] {
    const opaque = opaqueOf(origin, thought.take(), textMetadata)
    const usage = usageOf(part.usage)
    const reason = reasonOf(part, calls.length, doing)
    return [
      ...(reason === 'tool-calls' ? calls : []),
      ...(usage ? [{ type: 'usage' as const, usage }] : []),
      { type: 'end', reason, ...(opaque && { opaque }) },
    ]
  }

  function called(part: Readonly<Record<string, unknown>>): readonly AnswerPart[] {
    // One that the provider runs by itself is none of ours.
    if (part.providerExecuted === true) return []
    const [name, args] = [textOf(part.toolName), argumentsOf(part.input)]
    if (!name || args === undefined) return [{ type: 'odd' }]
    const opaque = opaqueOf(origin, thought.take(), part.providerMetadata)
    const id = textOf(part.toolCallId) || randomUUID()
    calls.push({ type: 'tool-call', id, name, arguments: args, ...(opaque && { opaque }) })
    return []
  }

  return (sent) => {
    const part = fieldsOf(sent)
    switch (part.type) {
      case 'text-start':
      case 'text-end':
        textMetadata = part.providerMetadata ?? textMetadata
        return []
      case 'text-delta': {
        textMetadata = part.providerMetadata ?? textMetadata
        const text = textOf(part.delta)
        if (text === undefined) return [{ type: 'odd' }]
        return text === '' ? [] : [{ type: 'text', text }]
      }
      case 'reasoning-start':
      case 'reasoning-delta':
        return thinks(part)
      case 'tool-call':
        return called(part)
      case 'error':
        throw providerErrorFrom(part.error, doing)
      case 'finish':
        return ended(part)
      default:
        return BESIDE.has(String(part.type)) ? [] : [{ type: 'odd' }]
    }
  }
}

function reasonOf(part: Readonly<Record<string, unknown>>, calls: number, doing: string): EndReason {
  // A text in version 2, which has no raw reason.
  const told = fieldsOf(part.finishReason)
  const unified = textOf(part.finishReason) ?? textOf(told.unified) ?? 'unknown'
  const raw = textOf(told.raw)
  switch (unified) {
    case 'stop':
    case 'tool-calls':
      // Some providers say `stop` after calls.
      return calls > 0 ? 'tool-calls' : 'stop'
    case 'length':
    case 'content-filter':
      return unified
    case 'error':
      throw gaveUp(raw, doing)
    default:
      // The packages end a stream that was cut with a reason of their own making.
      if (raw === undefined || unified === 'interrupted') {
        throw new ProviderError(
          'network',
          `${doing}: the stream ended before the answer did (no finish reason)`,
        )
      }
      return calls > 0 ? 'tool-calls' : 'stop'
  }
}

/** JSON text; some packages hand on the object, or nothing. `undefined`: it is none. */
function argumentsOf(input: unknown): string | undefined {
  if (input === undefined || input === null) return '{}'
  const text = typeof input === 'object' ? jsonOf(input) : textOf(input)
  return text?.trim() === '' ? '{}' : text
}

/** Counts are numbers in version 2, and maps from version 3 on. `undefined`: the provider told none. */
function usageOf(sent: unknown): TokenUsage | undefined {
  const usage = fieldsOf(sent)
  const [input, output] = [fieldsOf(usage.inputTokens), fieldsOf(usage.outputTokens)]
  const told = [input.total, output.total, usage.inputTokens, usage.outputTokens]
  if (!told.some((count) => typeof count === 'number')) return undefined
  return {
    inputTokens: countOf(input.total ?? usage.inputTokens),
    cachedInputTokens: countOf(input.cacheRead ?? usage.cachedInputTokens),
    outputTokens: countOf(output.total ?? usage.outputTokens),
    reasoningTokens: countOf(output.reasoning ?? usage.reasoningTokens),
  }
}
