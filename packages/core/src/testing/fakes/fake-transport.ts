import type { Clock, TransportHost, TransportProvider } from '../../contracts/index.ts'
import { createFakeCall, type FakeCall, type FakeCallOptions } from './fake-call.ts'

export interface FakeTransport {
  readonly provider: TransportProvider
  /** Every call that was put through, in order. */
  readonly calls: readonly FakeCall[]
  /** Places a call. Rejects with what the host says when it refuses. */
  dial(options?: Omit<FakeCallOptions, 'clock'>): Promise<FakeCall>
}

/** A transport without a network: `dial` is the phone network. */
export function createFakeTransport(options: { readonly clock: Clock }): FakeTransport {
  const calls: FakeCall[] = []
  let host: TransportHost | undefined
  let closed = false
  return {
    calls,
    provider: {
      attach(to) {
        host = to
      },
      async close() {
        closed = true
        for (const one of calls) one.hangUp('shutdown')
      },
    },
    async dial(callOptions = {}) {
      if (host === undefined) throw new Error('FakeTransport: attach must be called before dial')
      if (closed) throw new Error('FakeTransport: closed')
      const id = callOptions.id ?? `fake-call-${calls.length + 1}`
      const place = await host.admit({ id }, 0)
      if ('refused' in place) throw new Error(`FakeTransport: call refused: ${place.refused}`)
      const call = createFakeCall({
        ...callOptions,
        id,
        clock: options.clock,
      })
      calls.push(call)
      host.onCall(call.call, place)
      return call
    },
  }
}
