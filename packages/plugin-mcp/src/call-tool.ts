import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { ServerTool } from './server-tools.ts'

/** The core has the deadline of a call; the SDK's own would be a minute. */
const NO_SDK_TIMEOUT_MS = 2_147_483_647

export interface CallParts {
  /** Hides what the operator gave the server alone. */
  readonly clean: (text: string) => string
  readonly closed: AbortSignal
  /** Whether the client is the connection's still. */
  isCurrent(client: Client): boolean
  onLost(client: Client): void
}

/** One call, sent once. Rejects with words for the model. An abort is told to the server. */
export async function callTool(
  client: Client,
  { name }: ServerTool,
  args: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
  { clean, closed, isCurrent, onLost }: CallParts,
): Promise<unknown> {
  const { CallToolResultSchema, McpError } = await import('@modelcontextprotocol/sdk/types.js')
  const ended = AbortSignal.any([signal, closed])
  return client
    .request({ method: 'tools/call', params: { name, arguments: { ...args } } }, CallToolResultSchema, {
      signal: ended,
      timeout: NO_SDK_TIMEOUT_MS,
    })
    .catch((thrown: unknown) => {
      if (ended.aborted) throw new Error('the call was cancelled')
      // The server's own word, in its own code. What the SDK threw may hold a secret: it is no cause of these.
      if (thrown instanceof McpError && isCurrent(client)) throw new Error(clean(thrown.message))
      onLost(client)
      throw new Error('the tool server did not answer')
    })
}
