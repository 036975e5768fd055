import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { messageOf, type PluginContext } from '@kav/core'
import { settleWithin, untilAborted } from '@kav/core/kit'
import { hiding } from './hiding.ts'
import type { McpParams } from './mcp-params.ts'
import { openClient } from './open-client.ts'
import { allowedTools, listTools, type ServerTool } from './server-tools.ts'

/** One server over the life of a pipeline: connected, or on its way to be. */
export interface ServerConnection {
  /** As of the last list that came; the same array while nothing has changed. */
  readonly tools: readonly ServerTool[]
  /** Resolves once it is connected, or the try under way has failed. */
  connect(): Promise<void>
  /** Carries out one call. Rejects with words for the model. An abort is told to the server. */
  call(tool: ServerTool, args: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<unknown>
  close(): Promise<void>
}

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000
/** A server whose tools change all the time is asked no more often. */
const LIST_EVERY_MS = 1_000
/** The core has the deadline of a call; the SDK's own would be a minute. */
const NO_SDK_TIMEOUT_MS = 2_147_483_647
const FAREWELL_MS = 1_000

export function createServerConnection(params: McpParams, context: PluginContext): ServerConnection {
  const { clock, log, metrics } = context
  const closing = new AbortController()
  const clean = hiding(params)
  let client: Client | undefined
  let opening: Promise<void> | undefined
  let failures = 0
  let tools: readonly ServerTool[] = []
  let cancelWait = (): void => undefined
  let cancelList = (): void => undefined

  const connect = (): Promise<void> => {
    if (client || closing.signal.aborted) return Promise.resolve()
    return (opening ??= open().finally(() => (opening = undefined)))
  }

  async function open(): Promise<void> {
    cancelWait()
    let opened: Client | undefined
    try {
      opened = await openClient(
        params,
        context,
        { onLost: (why) => lost(opened, why), onToolsChanged: listSoon },
        closing.signal,
      )
      client = opened
      await list()
      failures = 0
      metrics.count('mcp_connections_total')
    } catch (thrown) {
      client = undefined
      await opened?.close().catch(() => undefined)
      if (closing.signal.aborted) return
      metrics.count('mcp_connection_failures_total')
      log.warn({ private: { error: clean(messageOf(thrown)) } }, 'MCP: the server cannot be reached')
      connectLater()
    }
  }

  function connectLater(): void {
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures++)
    cancelWait()
    cancelWait = clock.after(waitMs, () => void connect())
  }

  function lost(which: Client | undefined, why: string): void {
    if (closing.signal.aborted || client === undefined || which !== client) return
    client = undefined
    cancelList()
    void which.close().catch(() => undefined)
    metrics.count('mcp_connections_lost_total')
    log.warn({ why }, 'MCP: the server is gone, connecting again')
    connectLater()
  }

  async function list(): Promise<void> {
    if (client === undefined) return
    const listed = allowedTools(await listTools(client, closing.signal), params)
    const isSame =
      JSON.stringify(listed.map(({ tool }) => tool)) === JSON.stringify(tools.map(({ tool }) => tool))
    if (!isSame) tools = listed
    const missing = params.allow.filter((name) => !listed.some((one) => one.name === name))
    metrics.gauge('mcp_tools_missing', missing.length)
    if (missing.length > 0) log.warn({ missing }, 'MCP: the server has not all tools of allow')
  }

  let isListDue = false
  function listSoon(): void {
    if (isListDue) return
    isListDue = true
    cancelList = clock.after(LIST_EVERY_MS, () => {
      isListDue = false
      list().then(
        () => metrics.count('mcp_tool_lists_total'),
        () => metrics.count('mcp_tool_list_failures_total'),
      )
    })
  }

  return {
    get tools() {
      return tools
    },
    connect,
    async call(tool, args, signal) {
      signal.throwIfAborted()
      if (opening) await untilAborted(signal, opening, () => undefined)
      const used = client
      if (used === undefined || signal.aborted) throw new Error('the tool server is not connected')
      const { CallToolResultSchema, McpError } = await import('@modelcontextprotocol/sdk/types.js')
      try {
        return await used.request(
          { method: 'tools/call', params: { name: tool.name, arguments: { ...args } } },
          CallToolResultSchema,
          { signal: AbortSignal.any([signal, closing.signal]), timeout: NO_SDK_TIMEOUT_MS },
        )
      } catch (thrown) {
        if (signal.aborted || closing.signal.aborted) throw new Error('the call was cancelled')
        // The server's own word, in its own code.
        if (thrown instanceof McpError && client === used) throw new Error(clean(thrown.message))
        lost(used, 'failed')
        throw new Error('the tool server did not answer')
      }
    },
    async close() {
      if (closing.signal.aborted) return
      const last = client
      closing.abort()
      cancelWait()
      cancelList()
      await opening
      if (last) await sayFarewell(last, context)
    },
  }
}

/** A session over HTTP is ended at the server, if it hears of it soon. */
async function sayFarewell(client: Client, { clock }: PluginContext): Promise<void> {
  const { transport } = client
  if (transport && 'terminateSession' in transport) {
    const { terminateSession } = transport as { terminateSession(): Promise<void> }
    await settleWithin(
      clock,
      FAREWELL_MS,
      terminateSession.call(transport).catch(() => undefined),
    )
  }
  await client.close().catch(() => undefined)
}
