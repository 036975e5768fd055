/** Results must lag for this much audio before the recogniser counts as slow: a catch-up after a reconnect is not. */
const WINDOW_MS = 10_000
/** Audio no phrase has answered: what the SDK would send again, at twice real time, after a reconnect. */
export const UNANSWERED_LIMIT_MS = 120_000

/**
 * Tells when a recogniser should be replaced: its results lag behind the audio and stay behind, or it holds so much
 * unanswered audio that a reconnect of the SDK's own would make it lag.
 */
export interface LagWatch {
  /** A result came that covers the audio up to `heardMs`; `writtenMs` of audio have been written. */
  heard(heardMs: number, writtenMs: number): void
  /** A phrase closed the audio up to `endMs`. */
  answered(endMs: number): void
  /** Why the recogniser should be replaced, asked in a pause. */
  reason(writtenMs: number): string | undefined
  /** How far the latest result was behind. */
  readonly lagMs: number
}

export function createLagWatch(maxLagMs: number): LagWatch {
  let lagMs = 0
  let laggingSinceMs: number | undefined
  let latestMs = 0
  let answeredMs = 0
  return {
    get lagMs() {
      return lagMs
    },
    heard(heardMs, writtenMs) {
      lagMs = Math.max(0, writtenMs - heardMs)
      latestMs = writtenMs
      if (maxLagMs === 0 || lagMs <= maxLagMs) laggingSinceMs = undefined
      else laggingSinceMs ??= writtenMs
    },
    answered(endMs) {
      answeredMs = Math.max(answeredMs, endMs)
    },
    reason(writtenMs) {
      if (laggingSinceMs !== undefined && latestMs - laggingSinceMs >= WINDOW_MS) return 'results-behind'
      if (writtenMs - answeredMs >= UNANSWERED_LIMIT_MS) return 'silence-unanswered'
      return undefined
    },
  }
}
