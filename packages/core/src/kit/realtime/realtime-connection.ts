import { asProviderError, type ProviderError } from '../../contracts/errors.ts'
import type { LlmMessage } from '../../contracts/llm.ts'
import { withDeadline } from '../deadline.ts'
import { createDeferred } from '../deferred.ts'
import type { JsonMessage } from '../wire/json-message.ts'
import { createMessageReader } from '../wire/messages-in.ts'
import { openWireSocket, type WireSocket } from '../wire/wire-socket.ts'
import type { RealtimeSocketOptions } from './realtime-protocol.ts'

const OPEN_LIMIT_MS = 5_000

export interface RealtimeConnectionHandlers {
  /** Once audio is welcome. */
  onMessage(message: JsonMessage): void
  onOdd(): void
  /** It is gone, and was open. */
  onLost(error: ProviderError): void
}

/**
 * One connection of a session, begun with the conversation so far. Resolves when the service takes audio; rejects with a
 * `ProviderError`, and nothing is left of it then.
 */
export async function openRealtimeConnection(
  { socket, protocol, context }: RealtimeSocketOptions,
  conversation: readonly LlmMessage[],
  signal: AbortSignal,
  handlers: RealtimeConnectionHandlers,
): Promise<WireSocket> {
  const { faults, openLimitMs = OPEN_LIMIT_MS } = socket
  const ready = createDeferred<void>()
  // Of a connection that is given up while it opens nobody waits for it.
  ready.promise.catch(() => undefined)
  let isReady = protocol.isReady === undefined
  if (isReady) ready.resolve()
  function onMessage(message: JsonMessage): void {
    if (isReady) return handlers.onMessage(message)
    isReady = protocol.isReady?.(message) === true
    if (isReady) ready.resolve()
  }
  function lost(error: ProviderError): void {
    if (isReady) handlers.onLost(error)
    ready.reject(error)
  }
  const read = createMessageReader(protocol.messagesIn, {
    onMessage,
    onOdd: handlers.onOdd,
    onThrown: (thrown) => lost(asProviderError(thrown, faults.doing)),
  })
  const wire = await openWireSocket({ ...socket, signal }, { onText: read, onBytes: read, onLost: lost })
  for (const message of protocol.first(conversation)) wire.send(message)
  try {
    await withDeadline(context.clock, openLimitMs, faults.doing, ready.promise, signal)
    return wire
  } catch (thrown) {
    await wire.close()
    throw thrown
  }
}
