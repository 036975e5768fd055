/** How long the last answers of one model took to be heard, shared by all calls of the process. Times in ms. */
export interface AnswerWaits {
  /** An answer's first audio came so long after the model was asked. Anything but a time counts for nothing. */
  note(waitMs: number): void
  /** So long, or shorter, was this share (0 to 1) of them; `undefined`: too few are known. */
  quantileMs(share: number): number | undefined
  /**
   * How much longer an answer that has not come for so long is likely to take: the median of those that took longer.
   * One that is hardly later than the latest is still taken to be near. `undefined`: too few are known, or it is later.
   */
  remainingMs(elapsedMs: number): number | undefined
}

/** Of the last hour a model's pace may say little: only its last answers count. */
export const KEPT_ANSWERS = 50
/** Fewer say nothing yet. */
export const MIN_ANSWERS = 5
/** A few answers do not tell the latest there can be: one that took no more than this times as long is no surprise. */
export const HARDLY_LATER = 1.25

export function createAnswerWaits(): AnswerWaits {
  const kept = new Float64Array(KEPT_ANSWERS)
  let noted = 0

  /** Those that took longer than this, the shortest first; `undefined`: too few are known at all. */
  function sortedBeyond(ms: number): Float64Array | undefined {
    if (noted < MIN_ANSWERS) return undefined
    return kept
      .slice(0, Math.min(noted, KEPT_ANSWERS))
      .filter((waitMs) => waitMs > ms)
      .sort()
  }

  return {
    note(waitMs) {
      if (Number.isFinite(waitMs) && waitMs >= 0) kept[noted++ % KEPT_ANSWERS] = waitMs
    },
    quantileMs(share) {
      const sorted = sortedBeyond(-1)
      return sorted && atShare(sorted, share)
    },
    remainingMs(elapsedMs) {
      const longer = sortedBeyond(elapsedMs)
      const median = longer && atShare(longer, 0.5)
      if (median !== undefined) return median - elapsedMs
      const latestMs = sortedBeyond(-1)?.at(-1)
      if (latestMs === undefined || elapsedMs >= latestMs * HARDLY_LATER) return undefined
      return latestMs * HARDLY_LATER - elapsedMs
    },
  }
}

function atShare(sorted: Float64Array, share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}
