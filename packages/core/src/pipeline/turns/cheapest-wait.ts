/** What is known of a silence, and within which bounds it is waited out. */
export interface CheapestWaitOptions {
  /** What beginning inside a turn costs, as milliseconds of waiting. */
  readonly patienceMs: number
  /** So long the caller has been silent when the wait begins. */
  readonly silentMs: number
  readonly leastMs: number
  readonly mostMs: number
}

/** Pauses inside turns of spontaneous speech: log-normal (Campione & Véronis 2002, Heldner & Edlund 2010). */
const PAUSE_MEDIAN_MS = 520
const PAUSE_SIGMA = 0.65
const STEP_MS = 20
const STEPS = 600

/**
 * The wait that costs least where the caller is done with the probability `done`: if they are, every millisecond is
 * lost; if they are not, they go on after a pause, and an answer before that cuts them off. Falls as `done` rises, rises
 * with `patienceMs`; whole steps of 20 ms from `leastMs`. Pure; some microseconds.
 */
export function cheapestWaitMs(done: number, options: CheapestWaitOptions): number {
  const { patienceMs, silentMs, leastMs, mostMs } = options
  // Pauses that are over do not count.
  const cutOffMs = ((1 - done) * patienceMs) / longerThan(silentMs)
  let best = leastMs
  let least = Infinity
  for (let waitMs = leastMs; waitMs <= mostMs; waitMs += STEP_MS) {
    const cost = done * waitMs + cutOffMs * longerThan(silentMs + waitMs)
    if (cost < least) {
      best = waitMs
      least = cost
    }
  }
  return best
}

/** Share of pauses that last longer. */
function longerThan(ms: number): number {
  LONGER ??= Float64Array.from({ length: STEPS }, (_, step) => lognormalTail(step * STEP_MS))
  return LONGER[Math.min(STEPS - 1, Math.round(ms / STEP_MS))]!
}

let LONGER: Float64Array | undefined

function lognormalTail(ms: number): number {
  if (ms === 0) return 1
  const x = (Math.log(ms) - Math.log(PAUSE_MEDIAN_MS)) / PAUSE_SIGMA
  return x < 0 ? 1 - normalTail(-x) : normalTail(x)
}

/** Of the normal distribution, for `x` from 0; to 1e-7 (Abramowitz & Stegun 26.2.17). */
function normalTail(x: number): number {
  const t = 1 / (1 + 0.2316419 * x)
  const sum = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * sum
}
