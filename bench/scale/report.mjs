// What `scale.mjs` found, as tables and verdicts.

import { canPin } from '../lib/pin.mjs'
import { table } from '../lib/report.mjs'
import { voidReason } from '../lib/window.mjs'
import { changeTables, changeTargets } from './report-changes.mjs'
import { costTables, costTargets } from './report-cost.mjs'

/** Mean length of a call, as docs/capacity.md takes it: what a beginning costs the parent is spread over it. */
const LENGTH_SECONDS = 180

export function reportScale({ calls, cost, changes }) {
  const { after } = changes
  const begunASecond = after.population.offered / (after.windowMs / 1000)
  const voids = changeVoids(changes)
  const arithmetic = {
    lengthSeconds: LENGTH_SECONDS,
    /** ms of the parent's CPU for one call that begins; its standing cost has to be taken off first. */
    beginMsOf: (standingMs) => Math.max(0, changes.parentMs - standingMs) / begunASecond,
  }
  return {
    name: 'scale',
    title: `Workers: ${calls} calls in one process, ${2 * calls} in two workers`,
    rounds: cost.judged ? cost.results.length : 0,
    voids: [...cost.voids, ...voids],
    lines: [
      ...costTables(cost, arithmetic),
      '',
      ...changeTables(changes),
      '',
      ...table(['what was not shown', 'why'], notShown()),
    ],
    targets: [...costTargets(cost, arithmetic), ...changeTargets(changes, { judged: voids.length === 0 })],
  }
}

function changeVoids({ before, reloading, killing, after, drainBefore, drain }) {
  const windows = Object.entries({ before, reloading, killing, after, drainBefore, drain })
  return windows.flatMap(([name, window]) => {
    const reason = voidReason(window, { baseline: true })
    return reason === undefined ? [] : [`${name}: ${reason}`]
  })
}

function notShown() {
  return [
    [
      'two cores full of calls',
      'the callers need one of the two; caches and memory that two busy cores share are not in the arithmetic',
    ],
    ...(canPin ? [] : [['the server on a core of its own', 'no `taskset`, or one core']]),
  ]
}
