import type { CallEvent } from './call-events.ts'

/** One tool call of the model. Texts are cut at 2,000 (arguments) and 4,000 characters (result). */
export interface RecordedTool {
  readonly atMs: number
  readonly turn: number
  readonly tool: string
  /** JSON, as the model wrote it. */
  readonly arguments?: string
  /** What the model was told, of a tool that failed, too. Absent: the call was over before. */
  readonly result?: string
  readonly failed?: boolean
  /** How long it took. */
  readonly durationMs?: number
}

type Growing = { -readonly [Name in keyof RecordedTool]: RecordedTool[Name] }

/** A model that calls tools without end must not fill the memory. */
const MAX_TOOLS = 500

/** Collects the tool calls of one call from its events. */
export class RecordedTools {
  readonly #calls: Growing[] = []

  get calls(): readonly RecordedTool[] {
    return this.#calls
  }

  onEvent({ event, atMs, fields, private: hidden }: CallEvent): void {
    const [turn, tool] = [Number(fields['turn'] ?? 0), String(hidden['tool'] ?? fields['tool'])]
    if (event === 'tool_called') {
      if (this.#calls.length >= MAX_TOOLS) return
      const args = hidden['arguments']
      this.#calls.push({
        atMs: Math.round(atMs),
        turn,
        tool,
        ...(args !== undefined && { arguments: String(args) }),
      })
    } else if (event === 'tool_ended' || event === 'tool_late') {
      // They run one after the other.
      const call = this.#calls.findLast((one) => one.turn === turn && one.tool === tool)
      if (call === undefined) return
      if (hidden['result'] !== undefined) call.result = String(hidden['result'])
      if (fields['failed'] === true) call.failed = true
      else delete call.failed
      if (typeof fields['ms'] === 'number') call.durationMs = fields['ms']
      else if (event === 'tool_late') call.durationMs = Math.max(0, Math.round(atMs) - call.atMs)
    }
  }
}
