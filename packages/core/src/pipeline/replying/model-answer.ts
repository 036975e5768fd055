import type { Clock } from '../../contracts/clock.ts'
import { ProviderError } from '../../contracts/errors.ts'
import type { LlmEvent, LlmOpaque, LlmRequest, LlmToolCall } from '../../contracts/llm.ts'
import { timedIteration } from '../../kit/timed-iteration.ts'
import { createClauseCutter } from '../../language/clause-cutter.ts'
import type { CallLlm } from '../../providers/llm-in-order.ts'
import type { Amount } from '../../telemetry/amount.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { ReplyBudget } from './reply-budget.ts'

/** Where one request to the model goes, and what becomes of its answer as it comes. */
export interface ModelAnswerParts {
  readonly turn: number
  readonly llm: Pick<CallLlm, 'reply'>
  readonly request: LlmRequest
  readonly clock: Clock
  readonly firstTokenTimeoutMs: number
  readonly signal: AbortSignal
  readonly telemetry: Pick<CallTelemetry, 'amountCut'>
  /** What may be said of the reply. */
  readonly budget: ReplyBudget
  /** Resolves when more may be written; `undefined`: at once. A voice that is behind holds the model up. */
  readonly room: () => Promise<void> | undefined
  /** A piece of text came. */
  readonly onToken: () => void
  readonly onClause: (text: string) => void
}

export interface ModelAnswer {
  /** It holds words. */
  readonly wrote: boolean
  readonly calls: readonly LlmToolCall[]
  /** The provider wants to have it back with the answer. */
  readonly opaque?: LlmOpaque
}

/** One answer calls no more tools than this. */
export const MAX_TOOL_CALLS = 32
/** Arguments of all calls of one answer, in characters of JSON. */
export const MAX_TOOL_ARGUMENT_CHARS = 262_144
/** Pieces an answer may come in, above one a character of what may be said. */
const SPARE_EVENTS = 1000

/**
 * llm -> clauses, once. Throws a `ProviderError` when the model fails, is silent past its deadline, or is cut off.
 * Aborted, it answers with what had come. An answer that is longer than the budget ends there, and the model's
 * request with it; the calls of such an answer are not made.
 */
export async function askModel(parts: ModelAnswerParts): Promise<ModelAnswer> {
  const { llm, request, clock, firstTokenTimeoutMs, signal, budget } = parts
  const limits = { clock, firstMs: firstTokenTimeoutMs, idleMs: firstTokenTimeoutMs, what: 'llm', signal }
  const text = createAnswerText(parts)
  const calls = createCallList(parts)
  let ended = false
  let opaque: LlmOpaque | undefined
  let eventsLeft = budget.maxChars + SPARE_EVENTS
  for await (const event of timedIteration(llm.reply(request, signal, parts.turn), limits)) {
    ended = event.type === 'end'
    if (event.type === 'text') text.add(event.text)
    else if (event.type === 'tool-call') calls.add(event)
    else if (event.type === 'end') opaque = event.opaque
    if (ended || budget.spent() || eventsLeft-- === 0) break
    const room = parts.room()
    if (room) await room
  }
  if (signal.aborted) return { wrote: text.wrote(), calls: [] }
  if (!ended && (budget.spent() || eventsLeft < 0)) {
    parts.telemetry.amountCut('reply_chars', budget.maxChars, parts.turn)
    return { wrote: text.wrote(), calls: [] }
  }
  text.end()
  if (!ended) throw new ProviderError('network', 'llm: the answer was cut off before its end')
  if (budget.spent()) parts.telemetry.amountCut('reply_chars', budget.maxChars, parts.turn)
  return { wrote: text.wrote(), calls: calls.made, ...(opaque && { opaque }) }
}

/** The words of an answer on their way to the voice, as far as the budget goes. */
function createAnswerText({ request, budget, onToken, onClause }: ModelAnswerParts) {
  const cutter = createClauseCutter({ language: request.language })
  let wrote = false

  function say(pieces: readonly string[]): void {
    for (const clause of pieces.flatMap((piece) => budget.take(piece))) onClause(clause)
  }

  return {
    wrote() {
      return wrote
    },
    add(added: string): void {
      const readable = budget.readable(added)
      wrote ||= readable.trim() !== ''
      onToken()
      say(cutter.push(readable))
    },
    end(): void {
      say(cutter.end())
      for (const clause of budget.rest()) onClause(clause)
    },
  }
}

/** The calls of an answer. One that has no end to them is no answer: none of its calls is made. */
function createCallList({ turn, telemetry }: ModelAnswerParts) {
  const made: LlmToolCall[] = []
  let argumentChars = 0

  function refuse(what: Amount, limit: number): never {
    telemetry.amountCut(what, limit, turn)
    throw new ProviderError('bad-data', `llm: more than ${limit} ${what.replaceAll('_', ' ')} in one answer`)
  }

  return {
    made,
    add(call: Extract<LlmEvent, { type: 'tool-call' }>): void {
      argumentChars += call.arguments.length
      if (made.length === MAX_TOOL_CALLS) refuse('tool_calls', MAX_TOOL_CALLS)
      if (argumentChars > MAX_TOOL_ARGUMENT_CHARS) refuse('tool_argument_chars', MAX_TOOL_ARGUMENT_CHARS)
      // Whole: what a provider wants back with it goes along.
      const { type: _, ...kept } = call
      made.push(kept)
    },
  }
}
