import type { LlmToolCall } from '../../contracts/llm.ts'
import type { Clock } from '../../contracts/clock.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { toldTool } from '../../telemetry/told-tool.ts'
import { SECOND_END, TOO_MANY_CALLS, type ToolBox, type ToolOutcome } from '../../tools/tool-box.ts'
import type { ToolFiller } from '../../tools/tool-settings.ts'
import type { ToolLedger } from './tool-ledger.ts'
import type { ReplyEnd } from '../turns/reply-actions.ts'

/** What the tools of one round need of their reply. */
export interface ToolRoundParts {
  readonly turn: number
  readonly toolBox: ToolBox
  readonly ledger: ToolLedger
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly telemetry: Pick<CallTelemetry, 'toolCalled' | 'toolFailed' | 'toolLate'>
  readonly filler: ToolFiller
  /** Says a filler, behind what is being said. */
  readonly sayFiller: (text: string) => void
  /** Resolves when what was said before is in the tx-queue. */
  readonly saidBefore: () => Promise<void>
  /** Resolves when no voice of the caller has paused the reply, or when it is given up. */
  readonly unpaused: () => Promise<void>
  /** A tool asked for the end of the call, or of the agent's part in it. */
  readonly onEnd: (end: ReplyEnd) => void
}

export interface ToolRoundOutcome {
  readonly end: ReplyEnd | undefined
  /** One of the tools failed. */
  readonly failed: boolean
  /** All of them were silent by nature: nothing need be said about them. */
  readonly silent: boolean
}

/**
 * Runs the tools that the model called in one answer, one after the other, until aborted. None begins in a pause: the
 * caller may be about to take the word, and what was to come before it (keys) may have been cut off.
 */
export async function runToolRound(
  calls: readonly LlmToolCall[],
  parts: ToolRoundParts,
): Promise<ToolRoundOutcome> {
  const { toolBox, signal } = parts
  const isSilent = ({ name }: LlmToolCall): boolean => toolBox.silentTools?.has(name) ?? false
  let end: ReplyEnd | undefined
  let failed = false
  for (const [index, call] of calls.entries()) {
    // A tool that is silent, or plays tones, comes after what is being said; any other gets a filler.
    const silent = isSilent(call)
    if (silent) await parts.saidBefore()
    await parts.unpaused()
    if (signal.aborted) break
    const cancelFiller = silent
      ? NO_FILLER
      : armFiller(parts, toolBox.fillers?.get(call.name) ?? parts.filler)
    parts.ledger.started(index)
    const outcome = await runCall(index, call, parts, async () => {
      const { thenEnd, ...ran } = await toolBox.run(call, signal)
      if (thenEnd && end) return { content: SECOND_END }
      return thenEnd ? { ...ran, thenEnd } : ran
    })
    cancelFiller()
    failed ||= outcome.failed === true
    if (!outcome.thenEnd) continue
    end = { ...outcome.thenEnd, tell: (content) => parts.ledger.result(index, content) }
    parts.onEnd(end)
  }
  return { end, failed, silent: calls.every(isSilent) }
}

/** Calls of an answer that comes when the rounds are over: none is carried out, and the model is told so. */
export async function refuseToolRound(
  calls: readonly LlmToolCall[],
  parts: Pick<ToolRoundParts, 'turn' | 'toolBox' | 'ledger' | 'telemetry'>,
): Promise<ToolRoundOutcome> {
  for (const [index, call] of calls.entries())
    await runCall(index, call, parts, async () => ({ content: TOO_MANY_CALLS, failed: true }))
  return { end: undefined, failed: true, silent: false }
}

/** Runs one call; the books and telemetry have what became of it, and what becomes of it later. */
async function runCall(
  index: number,
  call: LlmToolCall,
  { turn, toolBox, ledger, telemetry }: Pick<ToolRoundParts, 'turn' | 'toolBox' | 'ledger' | 'telemetry'>,
  run: () => Promise<ToolOutcome>,
): Promise<ToolOutcome> {
  const told = toldTool(turn, call.name, toolBox.tools)
  const ended = telemetry.toolCalled(told, call.arguments)
  const outcome = await run()
  ended(outcome)
  ledger.result(index, outcome.content)
  if (outcome.failed) telemetry.toolFailed({ ...told, error: outcome.content })
  void tellLater(outcome, (later) => {
    ledger.result(index, later.content)
    telemetry.toolLate({ ...told, failed: later.failed === true }, later.content)
  })
  return outcome
}

/** A tool that was spoken over and went on: the next request to the model holds what became of it. */
async function tellLater({ later }: ToolOutcome, tell: (later: ToolOutcome) => void): Promise<void> {
  if (later) tell(await later)
}

/** A tool that takes long: the caller hears that something is being done. */
function armFiller({ turn, clock, sayFiller }: ToolRoundParts, { afterMs, texts }: ToolFiller): () => void {
  if (texts.length === 0) return NO_FILLER
  return clock.after(afterMs, () => sayFiller(texts[turn % texts.length]!))
}

const NO_FILLER = (): void => undefined
