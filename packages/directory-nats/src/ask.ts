import type { Awaitable, Clock, Metrics } from '@kav/core'
import { withDeadline } from '@kav/core/kit'
import type { FleetLink } from './fleet-link.ts'
import type { FleetSession } from './session.ts'

/** The longest a call waits for the server. */
export const ASK_MS = 250

/** What a node decides without the others; a metric's label. */
export type AloneWhat = 'claim' | 'once' | 'pace'

export interface AskParts {
  readonly link: FleetLink
  readonly clock: Clock
  readonly metrics: Metrics
}

/**
 * What the fleet says, or what this node says alone: at once where the fleet is not reached, and where it does not
 * answer in time; then nobody waits again until it shows that it is there.
 */
export function askFleet<T>(
  { link, clock, metrics }: AskParts,
  what: AloneWhat,
  question: (session: FleetSession) => Promise<T>,
  alone: () => T,
): Awaitable<T> {
  const byItself = (): T => {
    metrics.count('directory_decided_alone_total', 1, { what })
    return alone()
  }
  const { session } = link
  if (session === undefined) return byItself()
  return withDeadline(clock, ASK_MS, what, question(session)).catch(() => {
    link.doubt()
    return byItself()
  })
}
