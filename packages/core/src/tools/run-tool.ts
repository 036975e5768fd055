import { isError, messageOf } from '../contracts/errors.ts'
import type { LlmToolCall } from '../contracts/llm.ts'
import type { Metrics } from '../contracts/metrics.ts'
import { safely } from '../contracts/safely.ts'
import { cutBy } from '../kit/cut.ts'
import { interruptedTool, MAY_HAVE_BEEN, unusedTool } from './cut-words.ts'
import type { ToolOutcome } from './tool-box.ts'
import type { CheckedArguments } from './argument-check.ts'
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
 * and at once when `scope.signal` aborts, or as soon as a tool that tells what it did has told; of what a tool does
 * after that only the end of a lasting one is told, by `later`.
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
  const checked = read.ok ? checkedWithin(tool, read.args) : read
  if (!checked.ok) {
    return failed(
      'bad_arguments',
      `The arguments do not fit: ${checked.reason}. Correct them and call again.`,
    )
  }
  return untilCut(tool, checked.args, scope)
}

/** What models put round the arguments, when they write the whole call where those belong. */
const ROUND_ARGUMENTS = ['arguments', 'parameters', 'args', 'input', 'tool_input']

/** The arguments, or where they do not fit those inside of them. */
function checkedWithin(tool: RunnableTool, args: ToolArguments): CheckedArguments {
  const checked = tool.check(args)
  if (checked.ok) return checked
  const name = [...ROUND_ARGUMENTS, tool.tool.name].find((each) => isObject(args[each]))
  const others = Object.keys(args).filter((each) => each !== name)
  if (name === undefined || !others.every((each) => NAMES_CALL.has(each))) return checked
  const inner = tool.check(args[name] as ToolArguments)
  return inner.ok ? inner : checked
}

const NAMES_CALL: ReadonlySet<string> = new Set(['name', 'function', 'tool', 'tool_name', 'type', 'id'])

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The tool's end, or that of the reply: a tool that is cut short is not waited for. */
function untilCut(tool: RunnableTool, args: ToolArguments, scope: ToolCallScope): Promise<Ended> {
  const { clock, signal } = scope
  if (signal.aborted) return Promise.resolve(failed('cancelled', unusedTool(cutBy(signal))))
  const stop = new AbortController()
  return new Promise((resolve) => {
    const settle = (ended: Ended): void => {
      cancelTelling()
      signal.removeEventListener('abort', cut)
      resolve(ended)
    }
    const cut = (): void => {
      const cancelled = failed('cancelled', interruptedTool(cutBy(signal)))
      if (tool.lasting) return settle({ ...cancelled, outcome: { ...cancelled.outcome, later } })
      if (tool.tellsWhenCut) cancelTelling = clock.after(TELL_WITHIN_MS, () => settle(cancelled))
      else settle(cancelled)
      // After it is settled: a tool that answers its own abort must not be taken for one that failed.
      stop.abort(signal.reason)
    }
    let cancelTelling = (): void => undefined
    signal.addEventListener('abort', cut)
    const end = withinDeadline(tool, args, scope, stop)
    const later = end.then(({ outcome }) => outcome)
    void end.then(({ ending, outcome }) => settle({ ending: signal.aborted ? 'cancelled' : ending, outcome }))
  })
}

function withinDeadline(
  tool: RunnableTool,
  args: ToolArguments,
  scope: ToolCallScope,
  stop: AbortController,
): Promise<Ended> {
  const { timeoutMs, lasting } = tool
  return new Promise((resolve) => {
    const settle = (ended: Ended): void => {
      resolve(ended)
      stop.abort()
    }
    const cancelDeadline = scope.clock.after(timeoutMs, () => {
      const given = `The tool took longer than ${timeoutMs} ms and was given up.`
      settle(failed('timeout', lasting ? `${given} ${MAY_HAVE_BEEN}` : given))
    })
    stop.signal.addEventListener('abort', cancelDeadline, { once: true })
    start(tool, args, { ...scope, signal: stop.signal }).then(
      (outcome) => settle({ ending: outcome.failed === true ? 'failed' : 'ok', outcome }),
      (error: unknown) => settle(failed('failed', `The tool failed: ${faultText(error)}.`)),
    )
  })
}

/** A tool that throws at once fails like one that rejects. */
async function start(tool: RunnableTool, args: ToolArguments, scope: ToolCallScope): Promise<ToolOutcome> {
  return tool.run(args, scope)
}

function failed(ending: Ending, content: string): Ended {
  return { ending, outcome: { content, failed: true } }
}

function faultText(error: unknown): string {
  // The model is told words only: what else an object holds would mean nothing to it.
  const text = hasWords(error) ? messageOf(error).trim() : ''
  return text === '' ? 'no reason given' : text.slice(0, MAX_FAULT_TEXT).replace(/\.$/, '')
}

/** A text, an error, or what a client of some service throws in its place: `{ code, message }`. */
function hasWords(error: unknown): boolean {
  if (typeof error === 'string' || isError(error)) return true
  return typeof safely(() => (error as { readonly message?: unknown } | null)?.message) === 'string'
}
