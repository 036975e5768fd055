import type { ProviderError, ProviderErrorClass } from '../../contracts/errors.ts'
import { faultOf, type FaultRules } from './fault-rules.ts'

/** Codes of Node's sockets and of undici (the last three) for a wait that was too long; all others are the network's. */
const TIMEOUTS = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])

/** The error for a request that got no answer, or half of one: name, port, TLS, route, a cut. */
export function notReached(thrown: Error, faults: FaultRules): ProviderError {
  const inner = innermost(thrown)
  const { code } = inner as { code?: unknown }
  const isTimeout = typeof code === 'string' && TIMEOUTS.has(code)
  const errorClass: ProviderErrorClass = isTimeout ? 'timeout' : 'network'
  const said = inner.message || (typeof code === 'string' ? code : 'not reached')
  return faultOf({ errorClass, said, details: { code }, cause: thrown }, faults)
}

/** `fetch` says "fetch failed", and why in its cause; a name with several addresses has one error for each. */
function innermost(thrown: Error): Error {
  let at = thrown
  for (let depth = 0; depth < 8; depth++) {
    const next: unknown = at instanceof AggregateError ? at.errors[0] : at.cause
    if (!(next instanceof Error)) return at
    at = next
  }
  return at
}
