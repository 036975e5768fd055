import type { LlmToolCall } from '../contracts/llm.ts'
import type { CallTelemetry } from '../telemetry/call-telemetry.ts'
import type { ToolBox, ToolOutcome } from './tool-box.ts'

/** Runs the tools that a speech-to-speech model calls, one after the other. */
export interface RealtimeTools {
  /** Never rejects. */
  run(call: LlmToolCall, turn: number): Promise<ToolOutcome>
  /** The model has called tools and is about to go on: one more round of this turn. */
  roundOver(): void
  /** The caller has said something: the rounds are counted anew. */
  newTurn(): void
  /** What runs is told to stop. */
  cancel(): void
}

export function createRealtimeTools(parts: {
  toolBox: ToolBox
  maxRounds: number
  telemetry: CallTelemetry
}): RealtimeTools {
  const { toolBox, maxRounds, telemetry } = parts
  let abort = new AbortController()
  let rounds = 0
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
    run(call, turn) {
      const { signal } = abort
      const outcome = last.then(() => runNow(call, turn, signal))
      last = outcome
      return outcome
    },
    roundOver() {
      rounds++
    },
    newTurn() {
      rounds = 0
    },
    cancel() {
      abort.abort()
      abort = new AbortController()
    },
  }
}
