import { ProviderError } from '@kav/core'
import { openRealtimeSocket, type RealtimeSocket, type RealtimeSocketOptions } from './realtime-socket.ts'
import { serverFaultOf } from '../server-fault.ts'
import { serverError } from './server-error.ts'

/**
 * A connection whose settings the server has taken: opens it, sends `update` (a `session.update`), and waits for
 * `session.updated`. Whatever the server refuses before that, a close, or an abort rejects with a `ProviderError`;
 * from then on events and the loss go to `options`.
 */
export async function openConfiguredSocket(
  options: RealtimeSocketOptions,
  update: string,
): Promise<RealtimeSocket> {
  const { doing, signal } = options
  let taken: () => void = () => undefined
  let refused: ((error: ProviderError) => void) | undefined
  const configured = new Promise<void>((resolve, reject) => {
    taken = resolve
    refused = reject
  })
  configured.catch(() => undefined)

  const socket = await openRealtimeSocket({
    ...options,
    onEvent(event) {
      if (refused && event.type === 'error') return refused(serverError(serverFaultOf(event.error), doing))
      if (event.type === 'session.updated') {
        refused = undefined
        taken()
      }
      options.onEvent(event)
    },
    onLost(error) {
      if (refused) refused(error)
      else options.onLost(error)
    },
  })
  const abort = () => refused?.(new ProviderError('cancelled', `${doing}: cancelled`))
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  socket.send(update)
  try {
    await configured
    return socket
  } catch (thrown) {
    await socket.close()
    throw thrown
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
