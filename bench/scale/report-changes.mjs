import { DEFAULT_LEAD_MS } from '../lib/default-lead.mjs'
import { table, verdict } from '../lib/report.mjs'
import { CALLERS_HEAD, callersCell, callersOf } from '../lib/window.mjs'

const WANTED_IMBALANCE = 0.05
const WANTED_FOLLOWER_MS = 1000

const sum = (list, pick) => list.reduce((total, one) => total + pick(one), 0)
const percent = (share) => `${(share * 100).toFixed(1)} %`
const times = (list) => list.map((ms) => ms.toFixed(0)).join(', ')
const lateAMinute = (windows) =>
  sum(windows, ({ groups }) => groups.calls.underruns) / (sum(windows, ({ windowMs }) => windowMs) / 60_000)

/** Calls that the callers lost; those that stay are only ever cut. */
function lostCalls(window, isPopulation = true) {
  if (!isPopulation) return window.groups.calls.ended
  return window.population.refused + window.population.cut + window.population.mute
}

export function changeTables({ before, reloading, killing, after, drainBefore, drain, drained, violations }) {
  const rows = [
    ['calls that come and go, in peace', before, true],
    [`${reloading.result.length} times SIGHUP`, reloading, true],
    [`${killing.result.length} times kill -9 of a worker`, killing, true],
    ['in peace once more', after, true],
    ['calls that stay, in peace', drainBefore, false],
    ['the same, SIGTERM', drain, false],
  ]
  const reasons = [before, reloading, killing, after].flatMap(({ population }) => population.reasons)
  return [
    ...table(
      [
        'two workers',
        'seconds',
        'calls begun',
        'refused',
        'cut',
        'agent never spoke',
        'late frames, silence',
        'lateness p50 / p99, ms',
        'reference p99, ms',
        CALLERS_HEAD,
      ],
      rows.map(([name, window, isPopulation]) => windowRow(name, window, isPopulation)),
    ),
    '',
    `Files read anew by all workers after ${times(reloading.result)} ms. After kill -9 of a worker with ${killing.result.map(({ calls }) => calls).join(', ')} calls its follower stood in the slot after ${times(killing.result.map(({ listedMs }) => listedMs))} ms and had a call after ${times(killing.result.map(({ callMs }) => callMs))} ms; the service counted ${killing.result.map(({ lostByCount }) => lostByCount).join(', ')} calls lost. With its last call gone the stopped service ended after ${drained.endMs.toFixed(0)} ms (exit code ${drained.exit}; ${drained.left} processes left).`,
    ...[...reasons, ...violations].flatMap((reason) => ['', `- ${reason}`]),
  ]
}

function windowRow(name, window, isPopulation) {
  const { calls, reference } = window.groups
  return [
    name,
    (window.windowMs / 1000).toFixed(0),
    isPopulation ? window.population.offered : `${calls.calls} there`,
    ...(isPopulation
      ? [window.population.refused, window.population.cut, window.population.mute]
      : ['', calls.ended, '']),
    calls.underruns === 0 ? '0' : `${calls.underruns}, ${calls.silenceMs.toFixed(0)} ms`,
    `${calls.latenessMs.p50.toFixed(2)} / ${calls.latenessMs.p99.toFixed(2)}`,
    reference.latenessMs.p99.toFixed(2),
    callersCell(callersOf(window)),
  ]
}

/**
 * `judged`: no window was void. What was lost is judged anyhow where nothing was; and where a worker refused calls
 * because it was late itself, not at all.
 */
export function changeTargets(changes, { judged }) {
  const noneLate = judged && changes.refusedLate === 0
  return [
    balanceTarget(changes.before.result, judged),
    reloadTarget(changes, noneLate),
    lateTarget('while files are read anew', [changes.reloading], [changes.before, changes.after], judged),
    drainTarget(changes, judged),
    lateTarget('while the service is being stopped', [changes.drain], [changes.drainBefore], judged),
    followerTarget(changes.killing, judged),
    killTarget(changes, noneLate),
  ]
}

function balanceTarget({ imbalances, worstLagMs, begun }, judged) {
  const mean = sum(imbalances, (one) => one) / imbalances.length
  const all = sum(begun, (one) => one)
  return {
    target: 'imbalance: the busier worker beside the mean, less 1',
    wanted: `at most ${WANTED_IMBALANCE * 100} %`,
    measured: `${percent(mean)} on the average`,
    verdict: verdict(mean <= WANTED_IMBALANCE, mean <= WANTED_IMBALANCE || judged),
    note: `at the worst of ${imbalances.length} moments ${percent(Math.max(...imbalances))}; of ${all} calls begun they had ${begun.join(' and ')}; a worker's event loop was ${worstLagMs.toFixed(0)} ms late at the worst`,
  }
}

function reloadTarget({ before, reloading, after, refusedLate }, judged) {
  const lost = lostCalls(reloading)
  return {
    target: 'calls lost while files are read anew',
    wanted: '0',
    measured: `${lost} of ${reloading.population.offered} begun`,
    verdict: verdict(lost === 0, lost === 0 || judged),
    note: `${lostCalls(before) + lostCalls(after)} in peace; refused by a worker that was late itself: ${refusedLate}`,
  }
}

function drainTarget({ drain, drained }, judged) {
  const lost = lostCalls(drain, false)
  const clean = lost === 0 && drained.exit === 0 && drained.left === 0
  return {
    target: 'calls lost while the service is being stopped',
    wanted: '0',
    measured: `${lost} of ${drain.groups.calls.calls}`,
    verdict: verdict(clean, clean || judged),
    note: `exit code ${drained.exit}, processes left: ${drained.left}`,
  }
}

function lateTarget(when, windows, peace, judged) {
  const [then, inPeace] = [lateAMinute(windows), lateAMinute(peace)]
  return {
    target: `late frames ${when}, beyond those in peace`,
    wanted: '0',
    measured: `${Math.max(0, then - inPeace).toFixed(1)} a minute`,
    verdict: verdict(then <= inPeace, judged),
    note: `${then.toFixed(1)} beside ${inPeace.toFixed(1)} a minute, behind a lead of ${DEFAULT_LEAD_MS} ms`,
  }
}

function followerTarget({ result: kills }, judged) {
  const slowest = Math.max(...kills.map(({ listedMs }) => listedMs))
  return {
    target: 'from kill -9 of a worker until its follower takes calls',
    wanted: `below ${WANTED_FOLLOWER_MS} ms`,
    measured: `${slowest.toFixed(0)} ms at the slowest of ${kills.length}`,
    verdict: verdict(slowest < WANTED_FOLLOWER_MS, slowest < WANTED_FOLLOWER_MS || judged),
    note: `a spare process waits with its code read; the first call was its after ${times(kills.map(({ callMs }) => callMs))} ms`,
  }
}

function killTarget({ killing, refusedLate }, judged) {
  const lost = lostCalls(killing)
  const theirs = sum(killing.result, ({ lostByCount }) => lostByCount)
  return {
    target: 'calls lost with a killed worker, beyond its own',
    wanted: '0',
    measured: String(Math.max(0, lost - theirs)),
    verdict: verdict(lost <= theirs, lost <= theirs || judged),
    note: `callers lost ${lost}; the service counts ${theirs}; refused by a worker that was late itself: ${refusedLate}`,
  }
}
