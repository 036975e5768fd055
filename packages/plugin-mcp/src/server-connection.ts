import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { messageOf, type PluginContext } from '@kav/core'
import { settleWithin, untilAborted } from '@kav/core/kit'
import { callTool } from './call-tool.ts'
import { hiding } from './hiding.ts'
import type { McpParams } from './mcp-params.ts'
import { openClient } from './open-client.ts'
import type { ServerTool } from './server-tools.ts'
import { createToolList } from './tool-list.ts'

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
const FAREWELL_MS = 1_000

export function createServerConnection(params: McpParams, context: PluginContext): ServerConnection {
  const { clock, log, metrics } = context
  const closing = new AbortController()
  const closed = closing.signal
  const clean = hiding(params)
  const list = createToolList(params, context, closed)
  let client: Client | undefined
  let opening: Promise<void> | undefined
  let failures = 0
  let cancelWait = (): void => undefined

  async function open(): Promise<void> {
    cancelWait()
    let opened: Client | undefined
    const onLost = (why: string): void => lost(opened, why)
    try {
      const events = { onLost, onToolsChanged: () => list.readSoon(() => client) }
      opened = await openClient(params, context, events, closed)
      client = opened
      await list.read(opened)
      failures = 0
      metrics.count('mcp_connections_total')
    } catch (thrown) {
      client = undefined
      await opened?.close().catch(() => undefined)
      if (closed.aborted) return
      metrics.count('mcp_connection_failures_total')
      log.warn({ private: { error: clean(messageOf(thrown)) } }, 'MCP: the server cannot be reached')
      connectLater()
    }
  }

  function connect(): Promise<void> {
    if (client || closed.aborted) return Promise.resolve()
    return (opening ??= open().finally(() => (opening = undefined)))
  }

  function connectLater(): void {
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures++)
    cancelWait()
    cancelWait = clock.after(waitMs, () => void connect())
  }

  function lost(which: Client | undefined, why: string): void {
    if (closed.aborted || client === undefined || which !== client) return
    client = undefined
    list.cancel()
    void which.close().catch(() => undefined)
    metrics.count('mcp_connections_lost_total')
    log.warn({ why }, 'MCP: the server is gone, connecting again')
    connectLater()
  }

  const parts = {
    clean,
    closed,
    isCurrent: (which: Client) => which === client,
    onLost: (which: Client) => lost(which, 'failed'),
  }
  return {
    get tools() {
      return list.tools
    },
    connect,
    async call(tool, args, signal) {
      signal.throwIfAborted()
      if (opening) await untilAborted(signal, opening, () => undefined)
      if (client === undefined || signal.aborted) throw new Error('the tool server is not connected')
      return callTool(client, tool, args, signal, parts)
    },
    async close() {
      if (closed.aborted) return
      const last = client
      closing.abort()
      cancelWait()
      list.cancel()
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
