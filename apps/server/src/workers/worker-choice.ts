/** What decides which worker gets the next call. */
export interface Loaded {
  readonly slot: number
  /** Calls that it has, or was promised. */
  readonly calls: number
  /** Offers of calls that it is answering. */
  readonly underWay: number
  /** Share of one core in the last second. */
  readonly cpuShare: number
  /** It refuses calls: its event loop is later than a pipeline allows, or it is about to end. */
  readonly isLast: boolean
}

/** Share of a core from which on it tells more than the number of calls: beyond it calls would soon be late. */
const BUSY_SHARE = 0.7
/** Within this factor of the others it is noise. */
const NOISE = 1.3

/**
 * The worker whose next call would weigh least: by its calls; where it is busy and the others are clearly less so (its
 * calls run a model in the process, or others use its core), by what it does. One that refuses calls comes last. Of equals
 * the first after `after`, so that not the same one is always asked.
 */
export function leastLoaded<T extends Loaded>(workers: readonly T[], after = -1): T | undefined {
  const usualShare = medianOf(workers.map(({ cpuShare }) => cpuShare))
  const inTurn = [...workers].sort((a, b) => turn(a.slot, after) - turn(b.slot, after))
  let best: T | undefined
  for (const worker of inTurn)
    if (best === undefined || weigh(worker, usualShare) < weigh(best, usualShare)) best = worker
  return best
}

function turn(slot: number, after: number): number {
  return slot > after ? slot : slot + Number.MAX_SAFE_INTEGER / 2
}

function weigh(worker: Loaded, usualShare: number): number {
  const next = worker.calls + worker.underWay + 1
  const ratio = usualShare === 0 ? 1 : worker.cpuShare / usualShare
  const cost = worker.cpuShare > BUSY_SHARE && ratio > NOISE ? ratio : 1
  return next * cost + (worker.isLast ? Number.MAX_SAFE_INTEGER / 2 : 0)
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
}
