/** What one step of so many calls has shown. */
export interface StepFigures {
  readonly calls: number
  /** Calls that could not be placed, or ended before their time; why, where that is known. */
  readonly failed: number
  readonly why?: string | undefined
  /** Calls whose caller heard a gap inside a word of the agent. */
  readonly gapped: number
  /** How late frames came at the callers, at the 99th percentile. */
  readonly lateMs: number
  /** 90th percentile of how late the event loop of the process was. */
  readonly lagMs: number
  /** Of one core. */
  readonly cpuShare: number
  /** How late the callers' own timer was at the 99th percentile: what they heard is no better known than this. */
  readonly callersLateMs: number
}

export interface CapacityLimits {
  /** Share of the calls that may hear a gap. */
  readonly gappedShare: number
  readonly lateMs: number
  readonly lagMs: number
  readonly cpuShare: number
  readonly callersLateMs: number
}

/** What a process is well below of while its callers hear nothing of it. */
export const CAPACITY_LIMITS: CapacityLimits = {
  gappedShare: 0.01,
  lateMs: 40,
  lagMs: 25,
  cpuShare: 0.8,
  callersLateMs: 15,
}

export type LimitName = 'calls that failed' | 'gaps' | 'late frames' | 'event loop' | 'CPU' | 'callers'

/** The first limit that a step has crossed; `callers`: those who called could not keep up, and it tells nothing. */
export function crossedBy(step: StepFigures, limits = CAPACITY_LIMITS): LimitName | undefined {
  if (step.lagMs > limits.lagMs) return 'event loop'
  if (step.cpuShare > limits.cpuShare) return 'CPU'
  if (step.callersLateMs > limits.callersLateMs) return 'callers'
  if (step.failed > 0) return 'calls that failed'
  if (step.gapped > step.calls * limits.gappedShare) return 'gaps'
  return step.lateMs > limits.lateMs ? 'late frames' : undefined
}

export interface Capacity {
  /** The most that crossed no limit; 0: even the fewest did. */
  readonly calls: number
  /** What the next more of them crossed; `undefined`: nothing did up to the most that were asked for. */
  readonly crossed: LimitName | undefined
  readonly steps: readonly StepFigures[]
}

const GROWTH = 1.6
/** Nearer than this the machine's own mood decides. */
const NEAR_SHARE = 0.1

/** More and more calls until a limit is crossed, then between the last that did not and the first that did. */
export async function rampCalls(
  measure: (calls: number) => Promise<StepFigures>,
  { first, most }: { readonly first: number; readonly most: number },
): Promise<Capacity> {
  const steps: StepFigures[] = []
  let carried = 0
  let tooMany: { readonly calls: number; readonly crossed: LimitName } | undefined
  for (let calls: number | undefined = Math.min(first, most); calls !== undefined;) {
    let step = await measure(calls)
    // Whoever called was late himself: once more, before it is believed.
    if (crossedBy(step) === 'callers') step = await measure(calls)
    steps.push(step)
    const crossed = crossedBy(step)
    if (crossed === undefined) carried = calls
    else tooMany = { calls, crossed }
    calls = nextCalls(carried, tooMany?.calls, most)
  }
  return { calls: carried, crossed: tooMany?.crossed, steps }
}

function nextCalls(carried: number, tooMany: number | undefined, most: number): number | undefined {
  if (tooMany === undefined) return carried >= most ? undefined : Math.min(most, Math.ceil(carried * GROWTH))
  if (tooMany - carried <= Math.max(1, carried * NEAR_SHARE)) return undefined
  return Math.floor((carried + tooMany) / 2)
}
