import { availableParallelism } from 'node:os'
import { measureCapacity } from '../capacity/measure-capacity.ts'
import type { ProvidersOf } from '../capacity/measured-pipeline.ts'
import { CAPACITY_LIMITS, type Capacity, crossedBy, type StepFigures } from '../capacity/ramp.ts'
import type { Environment } from '../environment.ts'
import { defaultPipeline } from '../open-pipeline.ts'
import { watchMachine } from '../machine-watch.ts'
import { WrongUse } from '../wrong-use.ts'

export interface BenchOptions {
  readonly capacity?: boolean
  readonly providers: ProvidersOf
  readonly first: number
  readonly most: number
  readonly seconds: number
  readonly json?: boolean
}

/** A machine with nothing else on it is more punctual. */
const QUIET_MS = 5
const WATCH_MS = 1000

/** What is left free of what was measured, for the bad moments and for what a day has that a test has not. */
const KEPT_FREE = 0.8

/**
 * `kav bench --capacity`: how many calls one process carries with this pipeline. Exit code 0 with a number, 1 when
 * even the fewest calls were too many.
 */
export async function bench(
  file: string | undefined,
  options: BenchOptions,
  env: Environment,
  print: (line: string) => void,
): Promise<number> {
  if (!options.capacity) throw new WrongUse('kav bench measures one thing so far: kav bench --capacity')
  const { first, most, seconds, providers } = options
  if (first > most) throw new WrongUse(`--first ${first} is more than --most ${most}`)
  if (!options.json) print(headOf(options))
  const late = options.json ? undefined : await whileNothingRuns()
  if (late !== undefined && late > QUIET_MS)
    print(
      `this machine is busy with other things (timers ${late.toFixed(0)} ms late, p99): it carries more than is measured now`,
    )
  const found = await measureCapacity({
    ...{ file: file ?? defaultPipeline(), providers, first, most, seconds, env },
    onStep(step) {
      if (!options.json) print(lineOf(step))
    },
  })
  const maxCalls = Math.floor(found.calls * KEPT_FREE)
  if (options.json) print(JSON.stringify({ ...found, maxCalls, limits: CAPACITY_LIMITS }, null, 2))
  else for (const line of conclusionOf(found, maxCalls, options)) print(line)
  return maxCalls > 0 ? 0 : 1
}

async function whileNothingRuns(): Promise<number | undefined> {
  const watch = watchMachine()
  await new Promise((resolve) => setTimeout(resolve, WATCH_MS))
  return (await watch.stop())?.p99Ms
}

function headOf({ providers, seconds }: BenchOptions): string {
  const { gappedShare, lateMs, lagMs, cpuShare, callersLateMs } = CAPACITY_LIMITS
  return [
    `one process, ${providers} providers, ${seconds} s a step, on ${availableParallelism()} cores with the callers beside it`,
    `limits: gaps in ${gappedShare * 100} % of the calls, frames ${lateMs} ms late (p99), event loop ${lagMs} ms late (p90), ${cpuShare * 100} % of a core; callers ${callersLateMs} ms late themselves (p99)`,
    'calls    CPU   loop p90   frames p99   gaps   failed   callers p99',
  ].join('\n')
}

function lineOf(step: StepFigures): string {
  const crossed = crossedBy(step)
  const cells = [
    String(step.calls).padStart(5),
    `${(step.cpuShare * 100).toFixed(0)} %`.padStart(6),
    `${step.lagMs.toFixed(1)} ms`.padStart(10),
    `${step.lateMs.toFixed(1)} ms`.padStart(12),
    String(step.gapped).padStart(6),
    String(step.failed).padStart(8),
    `${step.callersLateMs.toFixed(1)} ms`.padStart(13),
  ]
  const failing = step.failed > 0 && step.why !== undefined ? ` (${step.why})` : ''
  return `${cells.join(' ')}${crossed === undefined ? '' : `   ${crossed}${failing}`}`
}

function conclusionOf(
  { calls, crossed }: Capacity,
  maxCalls: number,
  { most }: BenchOptions,
): readonly string[] {
  if (maxCalls === 0)
    return [
      `\neven the fewest calls were too many: ${crossed ?? ''}; look at kav doctor, and what else runs here`,
    ]
  const why =
    crossed === undefined
      ? `no limit was crossed up to ${most}: go on with --most`
      : crossed === 'callers'
        ? 'then the callers, which run on the same machine, were late themselves: it carries at least so many'
        : `then: ${crossed}`
  return [
    `\n${calls} calls; ${why}`,
    `${KEPT_FREE * 100} % of them for one process (with --workers N: N times as many, and a core for the parent):\n`,
    'limits:',
    `  max_calls: ${maxCalls}`,
  ]
}
