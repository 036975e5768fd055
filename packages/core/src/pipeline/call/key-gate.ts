import type { Clock } from '../../contracts/clock.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { type Rate, TokenBucket } from '../token-bucket.ts'

/** No phone sends more than ten a second; an entry has 64 keys at most, and may come after a stall at once. */
export const KEYS: Rate = { burst: 64, perSecond: 20 }

/** The keys of the caller, as many as a phone can press; the others are counted and left out. */
export function createKeyGate(
  clock: Clock,
  telemetry: CallTelemetry,
  onDtmf: (digit: string) => void,
): (digit: string) => void {
  const bucket = new TokenBucket(KEYS, clock)
  return (digit) => {
    if (bucket.take()) onDtmf(digit)
    else telemetry.amountCut('keys', KEYS.perSecond)
  }
}
