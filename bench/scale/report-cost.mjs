import { table, verdict } from '../lib/report.mjs'
import { spread, spreadText } from '../lib/rounds.mjs'
import { CALLERS_HEAD, callersCell } from '../lib/window.mjs'
import { carriedCost, scaleOf, standingCost, wholeCost } from './cost.mjs'

const WANTED_SCALE = 1.8
const NAMES = { one: 'one process', shared: 'two workers, as many in sum', each: 'two workers, as many each' }

const median = (values) => spread(values).median

/** What calls cost, and the memory of each process. */
export function costTables({ results }, arithmetic) {
  const parts = partsOf({ results }, arithmetic)
  return [
    ...table(
      [
        'all on one core',
        'calls',
        'CPU of who carries them, ms a call and second',
        'CPU of all processes, ms a call and second',
        'beside one process, by round',
        'parent and spare, ms a second',
        'lateness p99 / reference, ms',
        CALLERS_HEAD,
      ],
      Object.keys(NAMES).map((key) => costRow(key, results)),
    ),
    '',
    `The parent takes ${parts.beginMs.toFixed(2)} ms for a call that begins (webhook, handing over; in peace, after the changes) and ${parts.standingMs.toFixed(1)} ms a second beside.`,
    '',
    ...table(
      ['memory', 'resident, no call', 'resident, with calls', 'own part, no call', 'own part, with calls'],
      ['one', 'each'].flatMap((key) => memoryRows(key, results)),
    ),
  ]
}

function costRow(key, results) {
  const found = results.map((round) => round[key])
  const text = (pick, digits) => spreadText(spread(found.map(pick)), digits)
  return [
    NAMES[key],
    found[0].calls,
    text(carriedCost, 2),
    text(wholeCost, 2),
    spreadText(spread(results.map((round) => wholeCost(round[key]) / wholeCost(round.one))), 2),
    key === 'one' ? '' : text(standingCost, 1),
    `${text(({ late }) => late, 1)} / ${text(({ reference }) => reference, 1)}`,
    callersCell(...found.map(({ callers }) => callers)),
  ]
}

function memoryRows(key, results) {
  const mb = (when, role, what) => {
    const values = results.flatMap((round) => {
      const value = round[key][when].find((one) => one.role === role)?.[what]
      return value === undefined ? [] : [value]
    })
    return values.length === 0 ? '' : `${median(values).toFixed(0)} MB`
  }
  const roles = [...new Set(results.flatMap((round) => round[key].after.map(({ role }) => role)))]
  const calls = results[0][key].calls
  return roles.map((role) => [
    key === 'one' ? `${role}, ${calls} calls` : `${role}, of two with ${calls} calls`,
    mb('idle', role, 'residentMb'),
    mb('after', role, 'residentMb'),
    mb('idle', role, 'ownMb'),
    mb('after', role, 'ownMb'),
  ])
}

export function costTargets({ results, judged }, arithmetic) {
  const parts = partsOf({ results }, arithmetic)
  const scale = spread(results.map((round) => scaleOf(round, { ...arithmetic, beginMs: parts.beginMs })))
  return [
    {
      target: 'calls of two workers on two cores, beside one process on one',
      wanted: `at least ${WANTED_SCALE} times`,
      measured: `${spreadText(scale, 2)}, reckoned`,
      verdict: verdict(scale.median >= WANTED_SCALE, judged),
      note: `from CPU a call on one core, worker beside process, less the parent; calls of ${arithmetic.lengthSeconds} s. Two busy cores were not seen`,
    },
  ]
}

function partsOf({ results }, { beginMsOf }) {
  const standingMs = median(results.map(({ each }) => standingCost(each)))
  return { standingMs, beginMs: beginMsOf(standingMs) }
}
