export interface OutboxLimits {
  readonly maxItems: number
  readonly maxBytes: number
  /** What the disk has not taken yet is in memory; what is beyond is refused. */
  readonly maxUnwrittenBytes: number
  /** What does not fit: the oldest goes for it, or it is refused. */
  readonly whenFull: 'drop-oldest' | 'refuse'
  readonly atATime: number
  readonly deliverLimitMs: number
  readonly firstPauseMs: number
  /** No pause between two tries is longer. */
  readonly maxPauseMs: number
  /** An item that fails and is older is given up: it goes to the folder `dead`. */
  readonly maxAgeMs: number
  /** So many are kept in `dead`. */
  readonly maxDead: number
}

export const OUTBOX_LIMITS: OutboxLimits = {
  maxItems: 10_000,
  maxBytes: 256 * 1024 * 1024,
  maxUnwrittenBytes: 32 * 1024 * 1024,
  whenFull: 'drop-oldest',
  atATime: 4,
  deliverLimitMs: 30_000,
  firstPauseMs: 1000,
  maxPauseMs: 300_000,
  maxAgeMs: 3 * 24 * 3_600_000,
  maxDead: 1000,
}

/** Thrown by who delivers: nobody will ever take this item. */
export class Undeliverable extends Error {}

/** Never throws, whatever a plugin threw. */
export function isUndeliverable(thrown: unknown): boolean {
  try {
    return thrown instanceof Undeliverable
  } catch {
    return false
  }
}
