import { misspeltFields } from '../../../plugins/provider-shape.ts'
import { misspeltInSession, type SessionKind } from '../../../providers/session-doubts.ts'
import { fail } from './contract-case.ts'

/** That nothing of a provider or its session waits to be called by a name that nobody knows. */
export function expectSpelling(kind: SessionKind, provider: object, session: object): void {
  const [odd] = [
    ...misspeltFields(kind, provider),
    ...misspeltInSession(kind, session).map((one) => `a session ${one}`),
  ]
  if (odd !== undefined) fail(`expected fields that are known; ${odd}`)
}
