import type { Clock } from '../../contracts/clock.ts'
import { ProviderError } from '../../contracts/errors.ts'
import type { LlmProvider, LlmRequest, LlmToolCall } from '../../contracts/llm.ts'
import { timedIteration } from '../../kit/timed-iteration.ts'
import { createClauseCutter } from '../../language/clause-cutter.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'

/** Where one request to the model goes, and what becomes of its answer as it comes. */
export interface ModelAnswerParts {
  readonly llm: LlmProvider
  readonly request: LlmRequest
  readonly clock: Clock
  readonly firstTokenTimeoutMs: number
  readonly signal: AbortSignal
  readonly telemetry: Pick<CallTelemetry, 'llmUsage'>
  /** A piece of text came. */
  readonly onToken: () => void
  readonly onClause: (text: string) => void
}

export interface ModelAnswer {
  /** It holds words. */
  readonly wrote: boolean
  readonly calls: readonly LlmToolCall[]
}

/**
 * llm -> clauses, once. Throws a `ProviderError` when the model fails, is silent past its deadline, or is cut off.
 * Aborted, it answers with what had come.
 */
export async function askModel(parts: ModelAnswerParts): Promise<ModelAnswer> {
  const { llm, request, clock, firstTokenTimeoutMs, signal } = parts
  const limits = { clock, firstMs: firstTokenTimeoutMs, idleMs: firstTokenTimeoutMs, what: 'llm', signal }
  const cutter = createClauseCutter()
  const calls: LlmToolCall[] = []
  let ended = false
  let wrote = false
  for await (const event of timedIteration(llm.reply(request, signal), limits)) {
    if (event.type === 'text') {
      wrote ||= event.text.trim() !== ''
      parts.onToken()
      for (const clause of cutter.push(event.text)) parts.onClause(clause)
    } else if (event.type === 'tool-call')
      calls.push({ id: event.id, name: event.name, arguments: event.arguments })
    else if (event.type === 'usage') parts.telemetry.llmUsage(event.inputTokens, event.outputTokens)
    else {
      ended = true
      break
    }
  }
  if (signal.aborted) return { wrote, calls: [] }
  for (const clause of cutter.end()) parts.onClause(clause)
  if (!ended) throw new ProviderError('network', 'llm: the answer was cut off before its end')
  return { wrote, calls }
}
