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
  /** The same when there are no more rounds: none of them runs. */
  readonly refuseTools: (round: number, calls: readonly LlmToolCall[]) => Promise<ToolRoundOutcome>
  /** A call that ends the call, or the agent's part in it. */
  readonly isEnding: (call: LlmToolCall) => boolean
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

/**
 * Rounds of model and tools until the model has nothing more to do. One that goes on calling behind the last round is
 * told to answer, and fails if it does not; a farewell needs no further round. Throws a `ProviderError`.
 */
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
    const mayRun = round < maxRounds || (round <= maxRounds + 1 && answer.calls.every(parts.isEnding))
    // Told once that it is to answer, a model mostly does.
    if (!mayRun && round > maxRounds) {
      throw new ProviderError('bad-data', `llm: still calling tools after ${maxRounds} rounds`)
    }
    tools = await (mayRun ? parts.runTools : parts.refuseTools)(round, answer.calls)
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
