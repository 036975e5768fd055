import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { PluginContext } from '@kav/core'
import type { McpParams } from './mcp-params.ts'
import { serverName } from './server-name.ts'
import { allowedTools, listTools, type ServerTool } from './server-tools.ts'

/** What the server has of the tools of `allow`, kept up to date. */
export interface ToolList {
  /** As of the last list that came; the same array while nothing has changed. */
  readonly tools: readonly ServerTool[]
  read(client: Client): Promise<void>
  /** The server says that they changed: reads them again, soon. */
  readSoon(client: () => Client | undefined): void
  /** Nothing is read any more of what was to be read soon. */
  cancel(): void
}

/** A server whose tools change all the time is asked no more often. */
const LIST_EVERY_MS = 1_000

/** Patterns of one tool that the log tells. */
const MAX_TOLD = 20

export function createToolList(params: McpParams, context: PluginContext, closed: AbortSignal): ToolList {
  const { clock, log, metrics } = context
  const server = serverName(params)
  let tools: readonly ServerTool[] = []
  let cancelDue: (() => void) | undefined

  async function read(client: Client): Promise<void> {
    const { tools: listed, refused } = allowedTools(
      (await listTools(client, params.allow, closed)).wanted,
      params,
    )
    if (shape(listed) !== shape(tools)) tools = listed
    const notOffered = params.allow.filter((name) => !listed.some((one) => one.name === name))
    metrics.gauge('mcp_tools_missing', notOffered.length)
    for (const one of refused) log.warn({ ...one }, 'MCP: a tool of allow cannot be offered')
    for (const { name, dropped } of listed) {
      if (dropped.length === 0) continue
      const fields = { server, tool: name, dropped: dropped.slice(0, MAX_TOLD) }
      log.warn(fields, 'MCP: a pattern that RE2 does not take is left to the server')
    }
    const missing = notOffered.filter((name) => !refused.some(({ tool }) => tool === name))
    if (missing.length > 0) log.warn({ missing }, 'MCP: the server has not all tools of allow')
  }

  return {
    get tools() {
      return tools
    },
    read,
    readSoon(client) {
      cancelDue ??= clock.after(LIST_EVERY_MS, () => {
        cancelDue = undefined
        const used = client()
        if (used === undefined) return
        read(used).then(
          () => metrics.count('mcp_tool_lists_total'),
          () => metrics.count('mcp_tool_list_failures_total'),
        )
      })
    },
    cancel() {
      cancelDue?.()
      cancelDue = undefined
    },
  }
}

function shape(tools: readonly ServerTool[]): string {
  return JSON.stringify(tools.map(({ tool }) => tool))
}
