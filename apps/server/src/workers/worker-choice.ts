/** What decides which worker gets the next call. */
export interface Loaded {
  readonly slot: number
  /** Calls that it has, or was promised. */
  readonly calls: number
  /** Offers of calls that it is answering. */
  readonly underWay: number
  /** Share of one core in the last second. */
  readonly cpuShare: number
  /** Its event loop is later than its pipelines allow. */
  readonly isLate: boolean
}

/** Fewer calls tell too little of what one costs. */
const LEAST_CALLS = 5
/** Within this factor of the others it is noise. */
const NOISE = 1.3

/**
 * The worker whose next call would weigh least: by its calls, and by what each costs where that differs clearly (a
 * worker whose calls run a model in the process, or whose core others use, gets fewer). One that is late comes last.
 * Of equals the first after `after`, so that not the same one is always asked.
 */
export function leastLoaded<T extends Loaded>(workers: readonly T[], after = -1): T | undefined {
  const usual = usualCost(workers)
  const inTurn = [...workers].sort((a, b) => turn(a.slot, after) - turn(b.slot, after))
  let best: T | undefined
  for (const worker of inTurn)
    if (best === undefined || weigh(worker, usual) < weigh(best, usual)) best = worker
  return best
}

function turn(slot: number, after: number): number {
  return slot > after ? slot : slot + Number.MAX_SAFE_INTEGER / 2
}

function weigh(worker: Loaded, usual: number): number {
  const next = worker.calls + worker.underWay + 1
  const ratio = worker.calls < LEAST_CALLS || usual === 0 ? 1 : costOf(worker) / usual
  const clear = ratio > NOISE || ratio < 1 / NOISE ? ratio : 1
  return next * clear + (worker.isLate ? Number.MAX_SAFE_INTEGER / 2 : 0)
}

function costOf({ cpuShare, calls }: Loaded): number {
  return cpuShare / calls
}

/** What a call costs on most of them. */
function usualCost(workers: readonly Loaded[]): number {
  const costs = workers.filter(({ calls }) => calls >= LEAST_CALLS).map(costOf)
  costs.sort((a, b) => a - b)
  return costs[Math.floor((costs.length - 1) / 2)] ?? 0
}
