import type { Awaitable, Pace, PaceAnswer } from '@kav/core'

/** What the process is asked about calls that are placed, by whoever holds the fleet together. */
export interface OutboundLinks {
  /** As `CallDirectory.pace`. */
  pace(key: string, pace: Pace): Awaitable<PaceAnswer>
  /** A call that was placed is over, or was never answered: wherever its room is held, it is free. */
  over(callId: string): void
}

/** Of a process that places no calls but for itself. */
export const ownOutbound: OutboundLinks = { pace: () => ({ go: true }), over: () => undefined }
