import type { ServiceParts } from './service-parts.ts'

type OnEvent = NonNullable<ServiceParts['onEvent']>

/** One listener for all that there are, in this order; `undefined` where nobody listens. */
export function toldToAll(listeners: readonly (OnEvent | undefined)[]): OnEvent | undefined {
  const present = listeners.filter((listener) => listener !== undefined)
  if (present.length < 2) return present[0]
  return (event, callId) => {
    for (const listener of present) listener(event, callId)
  }
}
