import type { HangUpReason, UnreachedReason } from '@kav/core'

type Outcome = HangUpReason | UnreachedReason | 'refused' | 'killed'

/** A new outcome wants its row here. */
const ROWS: Readonly<Record<Outcome, true>> = {
  caller: true,
  agent: true,
  transferred: true,
  operator: true,
  limit: true,
  'gave-up': true,
  failure: true,
  'transport-error': true,
  shutdown: true,
  killed: true,
  rejected: true,
  refused: true,
  busy: true,
  'no-answer': true,
  failed: true,
  canceled: true,
}

/** Why a call ended, as records have it. A store may have others, of another version. */
export const OUTCOMES: readonly string[] = Object.keys(ROWS)
