import type { LlmToolCall } from '../../contracts/llm.ts'
import type { CutBy } from '../../kit/cut.ts'
import { interruptedTool, unusedTool } from '../../tools/cut-words.ts'
import { wellFormed } from './kept-calls.ts'

/** The calls of one round, by their place in it. */
export interface ToolLedger {
  started(call: number): void
  /** What the model is told; told again, the newer counts. */
  result(call: number, content: string): void
}

/** The same as the history reads it. */
export interface ToolRound {
  readonly calls: readonly LlmToolCall[]
  /** `cutBy`: who cut the reply of the round, in case the call was never answered. */
  told(call: number, cutBy: CutBy): string
}

export function createToolLedger(calls: readonly LlmToolCall[]): ToolLedger & ToolRound {
  return new Ledger(calls)
}

/** A class: the history keeps every one of a call. */
class Ledger implements ToolLedger, ToolRound {
  readonly calls: readonly LlmToolCall[]
  readonly #results: (string | undefined)[]
  readonly #started: boolean[]

  constructor(calls: readonly LlmToolCall[]) {
    this.calls = calls
    this.#results = calls.map(() => undefined)
    this.#started = calls.map(() => false)
  }

  started(call: number): void {
    this.#started[call] = true
  }

  result(call: number, content: string): void {
    this.#results[call] = wellFormed(content)
  }

  told(call: number, cutBy: CutBy): string {
    return this.#results[call] ?? (this.#started[call] ? interruptedTool : unusedTool)(cutBy)
  }
}
