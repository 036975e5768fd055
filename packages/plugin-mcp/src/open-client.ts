import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { PluginContext } from '@kav/core'
import type { McpParams } from './mcp-params.ts'
import { createServerTransport } from './server-transport.ts'

const CONNECT_TIMEOUT_MS = 10_000
/** What the SDK says once it has given up the stream on which a server speaks first. */
const GAVE_UP = /maximum reconnection attempts/i

export interface ClientEvents {
  /** The server is gone, or its connection is. Once at most, after it was opened. */
  onLost(why: string): void
  onToolsChanged(): void
}

/** Connects to the server; rejects when it cannot within 10 s. */
export async function openClient(
  params: McpParams,
  { baseDir, log, metrics }: PluginContext,
  events: ClientEvents,
  signal: AbortSignal,
): Promise<Client> {
  const [{ Client: SdkClient }, { ToolListChangedNotificationSchema }, transport] = await Promise.all([
    import('@modelcontextprotocol/sdk/client/index.js'),
    import('@modelcontextprotocol/sdk/types.js'),
    createServerTransport(params, baseDir, log),
  ])
  // No program is started for who has gone meanwhile.
  signal.throwIfAborted()
  const client = new SdkClient({ name: 'kav', version: '1' })
  client.setNotificationHandler(ToolListChangedNotificationSchema, events.onToolsChanged)
  try {
    await client.connect(transport, { signal, timeout: CONNECT_TIMEOUT_MS })
  } catch (thrown) {
    await client.close().catch(() => undefined)
    throw thrown
  }
  client.onclose = () => events.onLost('closed')
  client.onerror = (error) => {
    metrics.count('mcp_transport_errors_total')
    if (GAVE_UP.test(error.message)) events.onLost('silent')
  }
  return client
}
