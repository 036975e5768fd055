import type { TransportCall } from '@kav/core'

/** The same call with more `params`; where names are the same, these count. */
export function callWithValues(call: TransportCall, values: Readonly<Record<string, string>>): TransportCall {
  return {
    id: call.id,
    format: call.format,
    params: { ...call.params, ...values },
    open: (handlers) => call.open(handlers),
    send: (frame) => call.send(frame),
    mark: (name) => call.mark(name),
    clear: () => call.clear(),
    get bufferedBytes() {
      return call.bufferedBytes
    },
    hangUp: () => call.hangUp(),
    ...(call.transfer && { transfer: (to: string) => call.transfer!(to) }),
  }
}
