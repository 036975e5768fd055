import type { Clock } from '@kav/core'

export interface FloodGuard {
  /** Counts one message; true from the moment there have been too many. */
  isFlooded(): boolean
}

/** The clock is looked at only once in so many messages: this runs for every frame. */
const CHECK_EVERY = 64
/** What may come at once: a stalled connection delivers all it held back. */
const BURST_SECONDS = 6

/** Allows `perSecond` messages on average, with a burst on top. */
export function createFloodGuard(perSecond: number, clock: Clock): FloodGuard {
  const burst = perSecond * BURST_SECONDS
  let level = 0
  let sinceCheck = 0
  let checkedAtMs = clock.nowMs()
  let flooded = false
  return {
    isFlooded() {
      if (++sinceCheck < CHECK_EVERY) return flooded
      const nowMs = clock.nowMs()
      level = Math.max(0, level - ((nowMs - checkedAtMs) * perSecond) / 1000) + sinceCheck
      checkedAtMs = nowMs
      sinceCheck = 0
      flooded ||= level > burst
      return flooded
    },
  }
}
