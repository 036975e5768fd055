import type { IncomingMessage } from 'node:http'
import type { WebSocket } from 'ws'
import { ProviderError } from '../../contracts/errors.ts'
import type { Clock } from '../../contracts/clock.ts'
import { textUpTo } from '../text-up-to.ts'
import { faultOf, type FaultRules } from './fault-rules.ts'
import { httpFault } from './http-fault.ts'
import { notReached } from './not-reached.ts'
import { reasonIn } from './reason-in.ts'

/** An HTTP answer in place of the upgrade: enough of its body to find the reason. */
const MAX_REFUSAL_BYTES = 8_192

export interface Opening {
  readonly faults: FaultRules
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly openLimitMs: number
}

/** Resolves when the upgrade is done; rejects with a `ProviderError`, and the socket is gone then. */
export function untilOpen(socket: WebSocket, opening: Opening): Promise<void> {
  const { faults, clock, signal, openLimitMs } = opening
  return new Promise((resolve, reject) => {
    const settle = (error?: ProviderError): void => {
      cancelLimit()
      signal.removeEventListener('abort', onAbort)
      socket.removeListener('open', onOpen).removeListener('close', onCut)
      socket.removeListener('unexpected-response', onRefusal).removeListener('error', onError)
      if (error === undefined) return resolve()
      socket.terminate()
      reject(error)
    }
    const onOpen = (): void => settle()
    const onAbort = (): void => settle(new ProviderError('cancelled', `${faults.doing}: cancelled`))
    const onError = (error: Error): void => settle(notReached(error, faults))
    const onCut = (): void =>
      settle(faultOf({ errorClass: 'network', said: 'the connection was cut' }, faults))
    const onRefusal = (_request: unknown, response: IncomingMessage): void => {
      // The limit stays over a body that never ends.
      void refusal(response, faults, clock).then(settle)
    }
    const cancelLimit = clock.after(openLimitMs, () =>
      settle(faultOf({ errorClass: 'timeout', said: `no connection within ${openLimitMs} ms` }, faults)),
    )
    signal.addEventListener('abort', onAbort, { once: true })
    socket.on('open', onOpen).on('close', onCut).on('error', onError).on('unexpected-response', onRefusal)
    if (signal.aborted) onAbort()
  })
}

async function refusal(response: IncomingMessage, faults: FaultRules, clock: Clock): Promise<ProviderError> {
  const body = await textUpTo(response, MAX_REFUSAL_BYTES).catch(() => '')
  const { statusCode: status = 0, statusMessage = '', headers } = response
  return httpFault(
    { status, reason: reasonIn(body) || statusMessage, headers, wallMs: clock.wallMs() },
    faults,
  )
}
