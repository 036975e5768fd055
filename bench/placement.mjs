// Where calls are placed, simulated: what a policy of placement, a machine's death and a deploy cost, for 100, 10,000 and
// 1,000,000 calls at once. No real time and no network; the same seed gives the same figures. docs/capacity.md says what
// follows.
//
//   node bench/placement.mjs [--quick] [--only policies,deaths,deploys]
//
// What is assumed of callers, machines and processes stands in `ASSUMED`.

import { runDirectly } from './lib/options.mjs'
import { table } from './lib/report.mjs'
import { BUSY_HOURS_A_DAY, DAY_MS, shareOfDay } from './placement/arrivals.mjs'
import { erlangB } from './placement/erlang.mjs'
import { DOORS, leastLoaded, POLICIES } from './placement/policies.mjs'
import { simulate } from './placement/simulate.mjs'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const SETTLE_MS = 15 * MINUTE_MS

const ASSUMED = {
  /** Mean of 3 minutes; a tenth of the calls lasts longer than 6.5. `max_call_ms` is the default of the schema. */
  lengths: { meanMs: 180_000, sigma: 1, maxMs: HOUR_MS },
  bursts: { everyMs: 4 * HOUR_MS, lengthMs: 3 * MINUTE_MS, factor: 1.3 },
  /** Of those who were refused or lost. */
  redials: { share: 0.5, afterMs: 15_000 },
  /** A machine every 30 days; others know it after 5 s, and it is back after 5 minutes. */
  deaths: { everyMs: 30 * DAY_MS, foundAfterMs: 5000, repairMs: 5 * MINUTE_MS },
  maxCalls: 100,
  /** Of a worker in the busiest hour of an ordinary day (docs/capacity.md: 60 % of a core). */
  plannedCalls: 75,
  startMs: 3000,
  seed: 11,
}

/** Machines of 8 cores, one of them for the kernel and what is beside the workers. */
const SCALES = [
  { calls: 100, machines: 2, workersPerMachine: 1 },
  { calls: 10_000, machines: 21, workersPerMachine: 7 },
  { calls: 1_000_000, machines: 1924, workersPerMachine: 7 },
]

export const PLACEMENT_OPTIONS = { only: { type: 'string', default: 'policies,deaths,deploys' } }

export async function measurePlacement({ quick = false, only = PLACEMENT_OPTIONS.only.default } = {}) {
  const parts = { policies: policySection, deaths: deathSection, deploys: deploySection }
  const lines = only.split(',').flatMap((part) => parts[part](quick))
  return { name: 'placement', title: 'Placement of calls, simulated', lines }
}

function scenario({ calls, machines, workersPerMachine }, more = {}) {
  const { lengths, bursts, redials, maxCalls, seed } = ASSUMED
  return {
    seed,
    workers: machines * workersPerMachine,
    workersPerMachine,
    maxCalls,
    lengths,
    redials,
    arrivals: { peak: calls / lengths.meanMs, bursts },
    policy: leastLoaded,
    startCalls: calls,
    // Those who were there at first are gone by then.
    countFromMs: SETTLE_MS,
    ...more,
  }
}

/** How much of the busiest time is looked at: fewer calls, more of it. */
const busyMs = (calls) => (calls > 100_000 ? 5 * MINUTE_MS : calls > 1000 ? HOUR_MS : 100 * HOUR_MS)

const percent = (share, digits = 2) => `${(share * 100).toFixed(digits)} %`

function policySection(quick) {
  const rows = SCALES.slice(0, quick ? 2 : 3).flatMap((scale) =>
    Object.entries(POLICIES).map(([name, policy]) => {
      const toMs = SETTLE_MS + busyMs(scale.calls)
      const found = simulate(scenario(scale, { toMs, policy, doors: DOORS[name] }))
      return [
        scale.calls.toLocaleString('en'),
        (scale.machines * scale.workersPerMachine).toLocaleString('en'),
        name,
        percent(found.imbalance, 0),
        found.busiest,
        percent(found.passedOn / found.offered),
        percent(found.refused / found.offered, 3),
      ]
    }),
  )
  return [
    `**Policies.** Workers with room for ${ASSUMED.maxCalls} calls, at the busiest time of the day some 70 of them in use (100 calls: 50). What finds its worker full is passed on to two others by lot.`,
    '',
    ...table(
      [
        'calls',
        'workers',
        'policy',
        'imbalance: the busiest beside the mean, less 1',
        'most calls of a worker',
        'passed on',
        'refused',
      ],
      rows,
    ),
    '',
  ]
}

/** Machines die a hundred times as often as assumed, so that some do; the figures by the day are for the assumed rate. */
const HURRIED = 100

function deathSection(quick) {
  const { everyMs, foundAfterMs } = ASSUMED.deaths
  const rows = SCALES.slice(0, 2).map((scale) => {
    const deaths = { ...ASSUMED.deaths, everyMs: everyMs / HURRIED }
    const days = scale.calls <= 100 ? 20 : quick ? 0.5 : 1
    const { peak, bursts } = scenario(scale).arrivals
    const found = simulate(
      scenario(scale, {
        arrivals: { peak, bursts, shareAt: shareOfDay },
        startCalls: Math.floor(scale.calls * shareOfDay(0)),
        countFromMs: 0,
        toMs: days * DAY_MS,
        deaths,
      }),
    )
    return {
      ...scale,
      lostADay: (found.lost / found.deaths) * deathsADay(scale),
      offered: found.offered / days,
      toTheDead: found.passedOn / found.deaths,
    }
  })
  // What is lost a day does not depend on how many machines carry the calls: it goes by the calls.
  const [, middle] = rows
  const [, , large] = SCALES
  const times = large.calls / middle.calls
  rows.push({
    ...large,
    lostADay: middle.lostADay * times,
    offered: middle.offered * times,
    toTheDead: middle.toTheDead,
  })
  return [
    `**Deaths of machines**, one every ${everyMs / DAY_MS} days (simulated ${HURRIED} times as often), found after ${foundAfterMs / 1000} s; least loaded, exact. A day has as many calls as ${BUSY_HOURS_A_DAY.toFixed(1)} busiest hours. The last line is the second, ${times.toFixed(0)} times.`,
    '',
    ...table(
      [
        'calls at the busiest time',
        'machines',
        'calls a day',
        'calls lost with a machine',
        'calls lost a day',
        'of all',
        'offers to the dead machine, passed on',
      ],
      rows.map((row) => [
        row.calls.toLocaleString('en'),
        row.machines.toLocaleString('en'),
        Math.round(row.offered).toLocaleString('en'),
        (row.lostADay / deathsADay(row)).toFixed(0),
        row.lostADay.toLocaleString('en', { maximumFractionDigits: 1 }),
        `${((row.lostADay / row.offered) * 1e6).toFixed(0)} in a million`,
        row.toTheDead.toFixed(0),
      ]),
    ),
    '',
  ]
}

const deathsADay = ({ machines }) => (machines * DAY_MS) / ASSUMED.deaths.everyMs

function deploySection(quick) {
  const [small, middle] = SCALES
  const deploys = [
    [small, 1],
    [middle, 7],
    [middle, 14],
    [middle, 36],
  ].slice(0, quick ? 2 : 4)
  const limits = [
    ['60 s', 60_000],
    ['10 min', 10 * MINUTE_MS],
    ['none', Infinity],
  ]
  const rows = deploys.flatMap(([scale, batch]) =>
    limits.map(([limit, drainMs]) => {
      const workers = scale.machines * scale.workersPerMachine
      const found = simulate(
        scenario(scale, {
          // The busiest time goes on, so that all of a long deploy is seen at its worst.
          toMs: 7 * DAY_MS,
          deploy: {
            atMs: SETTLE_MS,
            batch,
            drainMs,
            startMs: ASSUMED.startMs,
            plannedCalls: scale.calls / workers,
          },
        }),
      )
      const { tookMs, drained, cut, spareWorkers } = found.deploy
      return [
        scale.calls.toLocaleString('en'),
        workers,
        `${batch} (${percent(batch / workers, 0)})`,
        limit,
        `${(tookMs / MINUTE_MS).toFixed(0)} min`,
        cut === 0 ? '0' : `${cut.toLocaleString('en')} (${percent(cut / drained, 0)})`,
        `${spareWorkers.toFixed(1)} (${percent(spareWorkers / workers, 0)})`,
        percent(found.refused / found.offered, 3),
      ]
    }),
  )
  return [
    `**Rolling deploys** in the busiest hour, least loaded, exact. Every worker is replaced once, so many at a time; a new process is there after ${ASSUMED.startMs / 1000} s.`,
    '',
    ...table(
      [
        'calls',
        'workers',
        'at a time',
        'limit of a drain',
        'it takes',
        'calls cut, of those that were on',
        'spare workers at the worst moment',
        'refused',
      ],
      rows,
    ),
    '',
    `One pool of ${ASSUMED.maxCalls} places with ${ASSUMED.plannedCalls} calls refuses ${percent(erlangB(ASSUMED.plannedCalls, ASSUMED.maxCalls), 2)} (Erlang B); a larger pool less.`,
  ]
}

await runDirectly(import.meta.url, measurePlacement, PLACEMENT_OPTIONS)
