import { isKavError, KavError } from '../contracts/errors.ts'
import { safely } from '../contracts/safely.ts'
import type { Metrics } from '../contracts/metrics.ts'
import { type CodeToolMade, type CodeToolSource, type CodeToolUse, createCodeTools } from './code-tools.ts'
import type { RunnableTool } from './runnable-tool.ts'

/** The tools of all plugins of a pipeline, as they are now. */
export type CodeToolLists = () => readonly RunnableTool[]

interface Followed {
  readonly source: CodeToolSource
  readonly use: CodeToolUse
  /** The list that `tools` were made of. */
  of: unknown
  tools: RunnableTool[]
}

/**
 * Follows plugins whose tools come and go. Throws a `KavError` (`KAV_PLUGIN_TOOL`) for what cannot be used at the start,
 * when a person reads it; later on such a tool is left out and counted, for calls go on. A list that came later is
 * compiled after the call that sees it first has begun, one tool at a time: no call waits for more than one.
 */
export function createCodeToolLists(
  sources: readonly { readonly source: CodeToolSource; readonly use: CodeToolUse }[],
  reserved: ReadonlySet<string>,
  metrics: Metrics,
): CodeToolLists {
  const lists: Followed[] = sources.map(({ source, use }) => ({ source, use, of: undefined, tools: [] }))
  let isStarted = false

  function leaveOut(fault: KavError, plugin: string): void {
    if (!isStarted) throw fault
    metrics.count('tools_left_out_total', 1, { plugin })
  }

  function readAnew(list: Followed, tools: unknown): void {
    const { source, use } = list
    const taken = new Set([
      ...reserved,
      ...lists.flatMap((other) => (other === list ? [] : other.tools.map(nameOf))),
    ])
    const toCompile: CodeToolMade[] = []
    list.of = tools
    list.tools = []
    for (const made of createCodeTools(source, tools, use)) {
      const fault = isKavError(made)
        ? made
        : (takenName(made.tool, taken, source.name) ?? (isStarted ? undefined : made.fault()))
      if (fault !== undefined) {
        leaveOut(fault, source.name)
        continue
      }
      const { tool } = made as CodeToolMade
      taken.add(nameOf(tool))
      list.tools.push(tool)
      toCompile.push(made as CodeToolMade)
    }
    if (isStarted) compileNext(list, toCompile)
  }

  function compileNext(list: Followed, [next, ...others]: readonly CodeToolMade[]): void {
    if (next === undefined) return
    setImmediate(() => {
      // There is a newer list by now.
      if (!list.tools.includes(next.tool)) return
      const fault = next.fault()
      if (fault !== undefined) {
        list.tools = list.tools.filter((tool) => tool !== next.tool)
        leaveOut(fault, list.source.name)
      }
      compileNext(list, others)
    })
  }

  function current(): readonly RunnableTool[] {
    for (const list of lists) {
      const { source } = list
      const read = isStarted ? safely(() => ({ tools: source.provider.tools })) : source.provider
      // One that cannot be read is as it was.
      if (read === undefined) metrics.count('tools_left_out_total', 1, { plugin: source.name })
      else if (!isStarted || read.tools !== list.of) readAnew(list, read.tools)
    }
    return lists.flatMap(({ tools }) => tools)
  }

  current()
  isStarted = true
  return current
}

function nameOf({ tool }: RunnableTool): string {
  return tool.name
}

function takenName(made: RunnableTool, taken: ReadonlySet<string>, plugin: string): KavError | undefined {
  const name = nameOf(made)
  if (!taken.has(name)) return undefined
  return new KavError(
    'KAV_PLUGIN_TOOL',
    `tool plugin "${plugin}" has a tool "${name}", but there is one of that name already`,
    { details: { plugin, tool: name } },
  )
}
