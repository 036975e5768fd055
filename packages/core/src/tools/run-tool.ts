import { isError, messageOf } from '../contracts/errors.ts'
import type { LlmToolCall } from '../contracts/llm.ts'
import type { Metrics } from '../contracts/metrics.ts'
import { INTERRUPTED_TOOL, type ToolOutcome, UNUSED_TOOL } from './tool-box.ts'
import { readArguments } from './read-arguments.ts'
import type { RunnableTool, ToolArguments, ToolCallScope } from './runnable-tool.ts'

const MAX_FAULT_TEXT = 500
/** For a tool that was aborted and has to say what it did: it knows, but a far end may hold the answer back. */
const TELL_WITHIN_MS = 500

type Ending = 'ok' | 'failed' | 'timeout' | 'cancelled' | 'bad_arguments' | 'unknown_tool'

interface Ended {
  readonly ending: Ending
  readonly outcome: ToolOutcome
}

/**
 * Runs one call of the model: arguments read and checked, deadline kept, failure put into words. Resolves always,
 * and at once when `scope.signal` aborts, or as soon as a tool that tells what it did has told; what the tool does
 * after that is nobody's concern.
 */
export async function runTool(
  tool: RunnableTool | undefined,
  call: LlmToolCall,
  scope: ToolCallScope,
  metrics: Metrics,
): Promise<ToolOutcome> {
  const startMs = scope.clock.nowMs()
  const { ending, outcome } = await endingOf(tool, call, scope)
  // A name that the model made up is not a label: there is no end to them.
  const label = tool?.tool.name ?? 'unknown'
  metrics.count('tool_calls_total', 1, { tool: label, outcome: ending })
  metrics.observe('tool_ms', scope.clock.nowMs() - startMs, { tool: label })
  return outcome
}

async function endingOf(
  tool: RunnableTool | undefined,
  call: LlmToolCall,
  scope: ToolCallScope,
): Promise<Ended> {
  if (tool === undefined) {
    return failed('unknown_tool', `There is no tool named ${JSON.stringify(call.name.slice(0, 64))}.`)
  }
  const read = readArguments(call.arguments)
  const checked = read.ok ? tool.check(read.args) : read
  if (!checked.ok) {
    return failed(
      'bad_arguments',
      `The arguments do not fit: ${checked.reason}. Correct them and call again.`,
    )
  }
  return withinDeadline(tool, checked.args, scope)
}

function withinDeadline(tool: RunnableTool, args: ToolArguments, scope: ToolCallScope): Promise<Ended> {
  const { clock, signal } = scope
  const { timeoutMs } = tool
  if (signal.aborted) return Promise.resolve(failed('cancelled', UNUSED_TOOL))
  const stop = new AbortController()
  return new Promise((resolve) => {
    const settle = (ended: Ended): void => {
      cancelDeadline()
      signal.removeEventListener('abort', aborted)
      resolve(ended)
      // After it is settled: a tool that answers its own abort must not be taken for one that failed.
      stop.abort()
    }
    const aborted = (): void => {
      if (!tool.tellsWhenCut) return settle(CANCELLED)
      stop.abort()
      cancelDeadline()
      cancelDeadline = clock.after(TELL_WITHIN_MS, () => settle(CANCELLED))
    }
    let cancelDeadline = clock.after(timeoutMs, () => {
      settle(failed('timeout', `The tool took longer than ${timeoutMs} ms and was given up.`))
    })
    signal.addEventListener('abort', aborted)
    start(tool, args, { ...scope, signal: stop.signal }).then(
      (outcome) => settle({ ending: endingBy(outcome, signal), outcome }),
      (error: unknown) => settle(failed('failed', `The tool failed: ${faultText(error)}.`)),
    )
  })
}

function endingBy(outcome: ToolOutcome, signal: AbortSignal): Ending {
  if (signal.aborted) return 'cancelled'
  return outcome.failed === true ? 'failed' : 'ok'
}

/** A tool that throws at once fails like one that rejects. */
async function start(tool: RunnableTool, args: ToolArguments, scope: ToolCallScope): Promise<ToolOutcome> {
  return tool.run(args, scope)
}

const CANCELLED: Ended = failed('cancelled', INTERRUPTED_TOOL)

function failed(ending: Ending, content: string): Ended {
  return { ending, outcome: { content, failed: true } }
}

function faultText(error: unknown): string {
  // The model is told words only: what an object holds would mean nothing to it.
  const text = isError(error) || typeof error === 'string' ? messageOf(error).trim() : ''
  return text === '' ? 'no reason given' : text.slice(0, MAX_FAULT_TEXT).replace(/\.$/, '')
}
