import type { LlmToolCall } from '../../contracts/llm.ts'
import { Cut, type CutBy } from '../../kit/cut.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { type ToldTool, toldTool } from '../../telemetry/told-tool.ts'
import { TOO_MANY_CALLS, type ToolBox, type ToolOutcome } from '../../tools/tool-box.ts'
import { wellFormed } from '../replying/kept-calls.ts'
import { NOT_YET } from '../replying/reply-rounds.ts'
import type { RealtimeReply } from './realtime-turns.ts'

/** Runs the tools that a speech-to-speech model calls, one after the other, and gives it what they found. */
export interface RealtimeTools {
  /** A call of this reply. Resolves when it is answered, or is not to be. Never rejects. */
  run(call: LlmToolCall, reply: RealtimeReply): Promise<void>
  /** What was to follow the reply does not: its calls that wait for that are answered with this. */
  stay(reply: RealtimeReply, content: string): void
  /** The caller has said something: the rounds are counted anew. */
  newTurn(): void
  /** What runs is told to stop; it is answered all the same. */
  cancel(by: CutBy): void
  /** The call is over: nothing is answered any more. */
  close(): void
}

export interface RealtimeToolsParts {
  readonly toolBox: ToolBox
  readonly maxRounds: number
  readonly telemetry: CallTelemetry
  readonly answer: (callId: string, content: string) => void
  /** All calls of a reply are about to be answered: the model will go on. */
  readonly onGoesOn: () => void
}

export function createRealtimeTools(parts: RealtimeToolsParts): RealtimeTools {
  const { toolBox, maxRounds, telemetry } = parts
  let abort = new AbortController()
  let rounds = 0
  /** The end of the call was put off once in this turn, because another tool had failed. */
  let putOff = false
  let closed = false
  let last: Promise<unknown> = Promise.resolve()

  async function runNow(call: LlmToolCall, turn: number, signal: AbortSignal): Promise<ToolOutcome> {
    const told = toldTool(turn, call.name, toolBox.tools)
    const ended = telemetry.toolCalled(told, call.arguments)
    const outcome = await attempt(call, signal)
    ended(outcome)
    if (outcome.failed && !outcome.later) telemetry.toolFailed({ ...told, error: outcome.content })
    return outcome
  }

  async function attempt(call: LlmToolCall, signal: AbortSignal): Promise<ToolOutcome> {
    if (rounds >= maxRounds) {
      return { content: TOO_MANY_CALLS, failed: true }
    }
    try {
      return await toolBox.run(call, signal)
    } catch (error) {
      telemetry.stageFailed('tools', error)
      return { content: 'The tool failed.', failed: true }
    }
  }

  /**
   * A tool that goes on although the caller spoke over it: a call is answered once, so with what becomes of it. The
   * model is in another turn by then, and makes of it what fits there.
   */
  async function lateResult(told: ToldTool, later: Promise<ToolOutcome>): Promise<ToolOutcome> {
    const outcome = await later
    if (!closed) tellLate(telemetry, told, outcome)
    return outcome
  }

  function answer(reply: RealtimeReply, callId: string, content: string): void {
    reply.unanswered--
    if (reply.unanswered === 0 && !reply.goesOn) {
      reply.goesOn = true
      rounds++
      parts.onGoesOn()
    }
    parts.answer(callId, wellFormed(content))
  }

  function stay(reply: RealtimeReply, content: string): void {
    if (closed) return
    for (const { callId } of reply.ends.splice(0)) answer(reply, callId, content)
  }

  return {
    async run({ id, name, arguments: args }, reply) {
      const { signal } = abort
      reply.calls++
      reply.openCalls++
      reply.unanswered++
      const running = last.then(() => runNow({ id, name, arguments: args }, reply.turn, signal))
      last = running
      const first = await running
      const outcome = first.later
        ? await lateResult(toldTool(reply.turn, name, toolBox.tools), first.later)
        : first
      reply.openCalls--
      if (closed) return
      reply.failed ||= outcome.failed === true
      // The model need not go on when the call ends after what it has said.
      if (outcome.thenEnd && !reply.stopped) reply.ends.push({ how: outcome.thenEnd, callId: id })
      else answer(reply, id, outcome.content)
      if (reply.openCalls > 0 || reply.ends.length === 0 || !reply.failed || putOff) return
      putOff = true
      stay(reply, NOT_YET)
    },
    stay,
    newTurn() {
      rounds = 0
      putOff = false
    },
    cancel(by) {
      abort.abort(new Cut(by))
      abort = new AbortController()
    },
    close() {
      closed = true
      abort.abort(new Cut('end'))
    },
  }
}

function tellLate(telemetry: CallTelemetry, told: ToldTool, { content, failed }: ToolOutcome): void {
  telemetry.toolLate({ ...told, failed: failed === true }, content)
  if (failed) telemetry.toolFailed({ ...told, error: content })
}
