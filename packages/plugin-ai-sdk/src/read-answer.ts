import type { LlmEvent } from '@kav/core'
import { ProviderError } from '@kav/core'
import { countOf, fieldsOf, textOf } from './foreign-fields.ts'
import { createKeptThought, opaqueOf } from './kept-thought.ts'
import { providerErrorFrom } from './provider-error.ts'

/** Tokens of one answer, as the provider counted them. */
export interface TokenUsage {
  readonly inputTokens: number
  readonly cachedInputTokens: number
  readonly outputTokens: number
  readonly reasoningTokens: number
}

/** `usage` and `end` come together, once, from the part that finishes an answer. */
export type AnswerPart =
  | Exclude<LlmEvent, { type: 'usage' }>
  | { readonly type: 'usage'; readonly usage: TokenUsage }
  | { readonly type: 'odd' }

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
  let calls = 0
  let textMetadata: unknown

  function thinks(part: Readonly<Record<string, unknown>>): readonly AnswerPart[] {
    thought.add(String(part.id), textOf(part.delta) ?? '', part.providerMetadata)
    return [{ type: 'thought' }]
  }

  function ended(part: Readonly<Record<string, unknown>>): readonly AnswerPart[] {
    const opaque = opaqueOf(origin, thought.take(), textMetadata)
    return [
      { type: 'usage', usage: usageOf(part.usage) },
      { type: 'end', reason: reasonOf(part, calls, doing), ...(opaque && { opaque }) },
    ]
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
      case 'tool-call': {
        // One that the provider runs by itself is none of ours.
        if (part.providerExecuted === true) return []
        const [id, name, input] = [textOf(part.toolCallId), textOf(part.toolName), textOf(part.input)]
        if (!id || !name || input === undefined) return [{ type: 'odd' }]
        calls++
        const opaque = opaqueOf(origin, thought.take(), part.providerMetadata)
        return [
          { type: 'tool-call', id, name, arguments: input === '' ? '{}' : input, ...(opaque && { opaque }) },
        ]
      }
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
      throw new ProviderError('bad-data', `${doing}: the model gave up${raw ? ` (${raw.slice(0, 60)})` : ''}`)
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

/** Counts are numbers in version 2, and maps from version 3 on. */
function usageOf(sent: unknown): TokenUsage {
  const usage = fieldsOf(sent)
  const [input, output] = [fieldsOf(usage.inputTokens), fieldsOf(usage.outputTokens)]
  return {
    inputTokens: countOf(input.total ?? usage.inputTokens),
    cachedInputTokens: countOf(input.cacheRead ?? usage.cachedInputTokens),
    outputTokens: countOf(output.total ?? usage.outputTokens),
    reasoningTokens: countOf(output.reasoning ?? usage.reasoningTokens),
  }
}
