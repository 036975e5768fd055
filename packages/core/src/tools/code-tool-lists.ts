import { isKavError, KavError } from '../contracts/errors.ts'
import type { Metrics } from '../contracts/metrics.ts'
import { type CodeToolSource, type CodeToolUse, createCodeTools } from './code-tools.ts'
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
 * when a person reads it; later on such a tool is left out and counted, for calls go on.
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

  function readAnew(list: Followed): void {
    const { source, use } = list
    const taken = new Set([
      ...reserved,
      ...lists.flatMap((other) => (other === list ? [] : other.tools.map(nameOf))),
    ])
    list.of = source.provider.tools
    list.tools = []
    for (const made of createCodeTools(source, use)) {
      const fault = isKavError(made) ? made : takenName(made, taken, source.name)
      if (fault !== undefined) {
        leaveOut(fault, source.name)
        continue
      }
      taken.add(nameOf(made as RunnableTool))
      list.tools.push(made as RunnableTool)
    }
  }

  function current(): readonly RunnableTool[] {
    for (const list of lists) if (!isStarted || list.source.provider.tools !== list.of) readAnew(list)
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
