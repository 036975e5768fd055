import type { LlmToolCall } from '../../contracts/llm.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { RealtimeReply } from './realtime-turns.ts'
import type { ToolBox, ToolOutcome } from '../../tools/tool-box.ts'

/** Runs the tools that a speech-to-speech model calls, one after the other, and gives it what they found. */
export interface RealtimeTools {
  /** A call of this reply. Resolves when it is answered, or is not to be. Never rejects. */
  run(call: LlmToolCall, reply: RealtimeReply): Promise<void>
  /** The caller has said something: the rounds are counted anew. */
  newTurn(): void
  /** What runs is told to stop; it is answered all the same. */
  cancel(): void
  /** The call is over: nothing is answered any more. */
  close(): void
}

export function createRealtimeTools(parts: {
  toolBox: ToolBox
  maxRounds: number
  telemetry: CallTelemetry
  answer: (callId: string, content: string) => void
  /** All calls of a reply are about to be answered: the model will go on. */
  onGoesOn: () => void
}): RealtimeTools {
  const { toolBox, maxRounds, telemetry } = parts
  let abort = new AbortController()
  let rounds = 0
  let closed = false
  let last: Promise<unknown> = Promise.resolve()

  async function runNow(call: LlmToolCall, turn: number, signal: AbortSignal): Promise<ToolOutcome> {
    telemetry.toolCalled({ turn, tool: call.name })
    const outcome = await attempt(call, signal)
    if (outcome.failed) telemetry.toolFailed({ turn, tool: call.name, error: outcome.content })
    return outcome
  }

  async function attempt(call: LlmToolCall, signal: AbortSignal): Promise<ToolOutcome> {
    if (rounds >= maxRounds) {
      return { content: 'Too many tool calls in a row. Answer the caller now.', failed: true }
    }
    try {
      return await toolBox.run(call, signal)
    } catch (error) {
      telemetry.stageFailed('tools', error)
      return { content: 'The tool failed.', failed: true }
    }
  }

  return {
    async run({ id, name, arguments: args }, reply) {
      const { signal } = abort
      reply.calls++
      reply.openCalls++
      const running = last.then(() => runNow({ id, name, arguments: args }, reply.turn, signal))
      last = running
      const outcome = await running
      reply.openCalls--
      if (closed) return
      // The model need not go on when the call ends after what it has said.
      if (outcome.thenEnd && !reply.stopped) {
        reply.thenEnd ??= { how: outcome.thenEnd, callId: id }
        return
      }
      if (reply.openCalls === 0 && !reply.thenEnd) {
        rounds++
        parts.onGoesOn()
      }
      parts.answer(id, outcome.content)
    },
    newTurn() {
      rounds = 0
    },
    cancel() {
      abort.abort()
      abort = new AbortController()
    },
    close() {
      closed = true
      abort.abort()
    },
  }
}
