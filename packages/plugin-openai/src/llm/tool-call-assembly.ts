import type { LlmToolCall } from '@kav/core'
import type { ToolCallDelta } from './chat-chunk.ts'

/** Puts tool calls together from the pieces they are streamed in. */
export interface ToolCallAssembly {
  add(delta: ToolCallDelta): void
  readonly size: number
  /** The calls in the order they began. */
  calls(): LlmToolCall[]
}

/**
 * OpenAI numbers the calls of one answer by `index` and streams each one's arguments in pieces. Some compatible
 * servers send a call whole, leave `index` out or always say 0, and leave the id out; a new id is a new call.
 */
export function createToolCallAssembly(): ToolCallAssembly {
  const calls: { index: number; id: string; name: string; arguments: string }[] = []
  return {
    add(delta) {
      const index = delta.index ?? Math.max(0, calls.length - 1)
      let call = calls.findLast((candidate) => candidate.index === index)
      if (!call || (delta.id && call.id !== '' && delta.id !== call.id)) {
        call = { index, id: '', name: '', arguments: '' }
        calls.push(call)
      }
      if (delta.id) call.id = delta.id
      if (delta.function?.name) call.name = delta.function.name
      if (delta.function?.arguments) call.arguments += delta.function.arguments
    },
    get size() {
      return calls.length
    },
    calls() {
      return calls.map((call, position) => ({
        id: call.id || `call_${position}_${Math.random().toString(36).slice(2, 10)}`,
        name: call.name,
        arguments: call.arguments || '{}',
      }))
    },
  }
}
