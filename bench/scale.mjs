// `kav serve` with workers: what a call costs in one process and in each of two workers, and what two free cores
// would carry then; how evenly the calls lie; what is lost when the files are read anew, when a worker is killed and
// when the service is stopped, under calls.
//
//   node bench/scale.mjs [--quick] [--rounds 2] [--calls 40] [--seconds 5] [--reloads 4] [--kills 2]
//
// --calls     in one process; two workers are given twice as many
// --seconds   of a round; peace beside the changes lasts twice as long
//
// Needs Linux (/proc); with `taskset` and two cores the server has one for itself. Deploys of several services behind
// nginx: KAV_WORKERS=2 node bench/drain.mjs

import { runDirectly } from './lib/options.mjs'
import { measureChanges } from './scale/changes.mjs'
import { measureCost } from './scale/cost.mjs'
import { reportScale } from './scale/report.mjs'

export const SCALE_OPTIONS = {
  reloads: { type: 'string', default: '4' },
  kills: { type: 'string', default: '2' },
}

export async function measureScale({
  quick = false,
  rounds = quick ? 1 : 2,
  calls: [calls] = [quick ? 20 : 40],
  seconds = quick ? 3 : 5,
  ...more
} = {}) {
  const windowMs = seconds * 1000
  const cost = await measureCost({ calls, windowMs, rounds })
  const changes = await measureChanges({
    calls: 2 * calls,
    peaceMs: 2 * windowMs,
    reloads: quick ? 1 : Number(more.reloads ?? SCALE_OPTIONS.reloads.default),
    kills: quick ? 1 : Number(more.kills ?? SCALE_OPTIONS.kills.default),
  })
  return reportScale({ calls, cost, changes })
}

await runDirectly(import.meta.url, measureScale, SCALE_OPTIONS)
