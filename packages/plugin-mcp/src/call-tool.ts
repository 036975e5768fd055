import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { linkSignals } from '@kav/core/kit'
import { fieldsOf } from './foreign-fields.ts'
import type { ServerTool } from './server-tools.ts'

/** The core has the deadline of a call; the SDK's own would be a minute. */
const NO_SDK_TIMEOUT_MS = 2_147_483_647

/** The SDK's word for an answer over HTTP that is neither JSON nor a stream of events. */
const NO_STATUS = -1

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
  const { McpError, ResultSchema } = await import('@modelcontextprotocol/sdk/types.js')
  const { signal: ended, unlink } = linkSignals(signal, closed)
  // What is in the result is looked at where it is read: one that the SDK refuses would look like a lost connection.
  return client
    .request({ method: 'tools/call', params: { name, arguments: { ...args } } }, ResultSchema, {
      signal: ended,
      timeout: NO_SDK_TIMEOUT_MS,
    })
    .catch((thrown: unknown) => {
      if (ended.aborted) throw new Error('the call was cancelled')
      // The server's own word, in its own code. What the SDK threw may hold a secret: it is no cause of these.
      if (thrown instanceof McpError && isCurrent(client)) throw new Error(clean(thrown.message))
      if (isOfTheAnswer(thrown)) throw new Error('the tool server gave an answer that cannot be read')
      onLost(client)
      throw new Error('the tool server did not answer')
    })
    .finally(unlink)
}

/** One answer that is no answer, or a server that failed at it: the connection, and the calls of others, go on. */
function isOfTheAnswer(thrown: unknown): boolean {
  const { name, code } = fieldsOf(thrown)
  if (name === '$ZodError' || name === 'ZodError' || name === 'SyntaxError' || name === 'RangeError')
    return true
  return typeof code === 'number' && (code === NO_STATUS || code === 413 || code === 429 || code >= 500)
}
