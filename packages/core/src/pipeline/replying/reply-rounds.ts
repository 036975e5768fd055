import { ProviderError } from '../../contracts/errors.ts'
import type { LlmToolCall } from '../../contracts/llm.ts'
import type { ReplyEnd } from '../turns/reply-actions.ts'
import type { ModelAnswer } from './model-answer.ts'
import type { ToolRoundOutcome } from './tool-round.ts'

/** What the model is told of the end it asked for, when another tool of the same answer failed. */
export const NOT_YET =
  'Not yet: another tool failed. Tell the caller first; then call this again if nothing else is to be done.'

/** How a reply asks its model and runs its tools; `round` counts from 0. */
export interface ReplyRoundsParts {
  readonly ask: (round: number) => Promise<ModelAnswer>
  readonly runTools: (round: number, calls: readonly LlmToolCall[]) => Promise<ToolRoundOutcome>
  /** Resolves when tools may run: a tool may change the world, and only a turn that really ended may do that. */
  readonly mayRunTools: () => Promise<void>
  readonly signal: AbortSignal
  readonly maxRounds: number
}

export interface RepliedRounds {
  readonly end: ReplyEnd | undefined
  /** The model wrote words in one of them. */
  readonly wrote: boolean
}

/** Rounds of model and tools until the model has nothing more to do. Throws a `ProviderError`. */
export async function runReplyRounds(parts: ReplyRoundsParts): Promise<RepliedRounds> {
  const { signal, maxRounds } = parts
  let wrote = false
  let tools: ToolRoundOutcome | undefined
  let heldBack = false
  for (let round = 0; ; round++) {
    const answer = await parts.ask(round)
    if (signal.aborted) break
    if (answer.calls.length === 0) {
      if (!answer.wrote && !mayBeSilent(tools, wrote))
        throw new ProviderError('bad-data', 'llm: an empty answer')
      return { end: undefined, wrote: wrote || answer.wrote }
    }
    wrote ||= answer.wrote
    await parts.mayRunTools()
    if (signal.aborted) break
    if (round === maxRounds) {
      throw new ProviderError('bad-data', `llm: still calling tools after ${round} rounds`)
    }
    tools = await parts.runTools(round, answer.calls)
    if (signal.aborted) break
    if (!tools.end) continue
    // The caller must not be left with a farewell to something that was not done.
    if (!tools.failed || heldBack) return { end: tools.end, wrote }
    heldBack = true
    tools.end.tell(NOT_YET)
  }
  return { end: undefined, wrote }
}

/** Nothing need be added to what was said before the tools, or to tools that are silent by nature; a failure is told. */
function mayBeSilent(tools: ToolRoundOutcome | undefined, wrote: boolean): boolean {
  return tools !== undefined && !tools.failed && (tools.silent || wrote)
}
