/** Why a provider's word on when something of its ends is not believed. */
export type ExpiryDoubt = 'no-number' | 'past' | 'too-near' | 'too-far'

export interface Renewal {
  /** From now until the session has to be renewed. */
  readonly afterMs: number
  /** The provider's word was not believed, and `ownLimitMs` decides; to be counted. */
  readonly doubt?: ExpiryDoubt
}

export interface RenewalRule {
  /** Life of a session where the provider says nothing that can be believed, and the longest in any case. */
  readonly ownLimitMs: number
  /** The next session is opened so long before the end. */
  readonly noticeMs: number
}

/**
 * No session is renewed sooner than this for what a provider says: a stamp in another unit, or a clock of ours that
 * is nearly an hour fast, would open sessions in a loop.
 */
export const SOONEST_RENEWAL_MS = 300_000
/** Ends further off than this are in another unit: milliseconds read as seconds lie 50,000 years ahead. */
const FARTHEST_MS = 30 * 86_400_000

/**
 * How long until `expiresAtS` (Unix seconds, as the provider sent it) by our clock, or why nobody can say. What ended
 * a while ago is negative; a month ago or more is another unit.
 */
export function leftUntil(expiresAtS: unknown, wallMs: number): number | ExpiryDoubt {
  if (typeof expiresAtS !== 'number' || !Number.isFinite(expiresAtS)) return 'no-number'
  const leftMs = expiresAtS * 1000 - wallMs
  if (leftMs > FARTHEST_MS) return 'too-far'
  return leftMs < -FARTHEST_MS ? 'past' : leftMs
}

/**
 * When a session has to be renewed, by the provider's word as far as it can be believed. `expiresAtS`: Unix seconds as
 * they were sent; `undefined` and `null` say nothing.
 */
export function renewalOf(expiresAtS: unknown, wallMs: number, rule: RenewalRule): Renewal {
  const own = { afterMs: rule.ownLimitMs }
  if (expiresAtS === undefined || expiresAtS === null) return own
  const left = leftUntil(expiresAtS, wallMs)
  if (typeof left === 'string') return { ...own, doubt: left }
  if (left <= 0) return { ...own, doubt: 'past' }
  const afterMs = left - rule.noticeMs
  if (afterMs < SOONEST_RENEWAL_MS) return { ...own, doubt: 'too-near' }
  return { afterMs: Math.min(rule.ownLimitMs, afterMs) }
}
