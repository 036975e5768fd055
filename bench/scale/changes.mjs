// A service of two workers under calls that come and go: in peace, while its files are read anew, while workers are
// killed, in peace again; and then stopped under calls that stay.

import { startChild } from '../lib/children.mjs'
import { sleep } from '../lib/setup.mjs'
import { openWorkersService, usageOf } from './workers-service.mjs'

const WORKERS = 2
const SHORTEST_CALL_MS = 3000
const LONGEST_CALL_MS = 12_000
const SEED = 11
const WARM_UP_MS = 3000
const BETWEEN_RELOADS_MS = 2000
/** The next spare process has read its code, and what callers do at once has been done. */
const BETWEEN_KILLS_MS = 5000
const FIGURES_EVERY_MS = 1100
/** One that ends sooner after its start is followed a second later: it is likely to do so again. */
const SOUND_AFTER_MS = 11_000
const CHANGE_LIMIT_MS = 30_000
const WINDOW_LIMIT_MS = 120_000
const SAMPLE_MS = 200
const LOOK_MS = 5

/** `{ before, reloads, kills, after, drainBefore, drain, … }`: windows of the callers with what was done in each. */
export async function measureChanges({ calls, peaceMs, reloads, kills }) {
  const opened = []
  const keep = async (opening) => {
    opened.push(await opening)
    return opened.at(-1)
  }
  try {
    const service = await keep(openWorkersService({ workers: WORKERS }))
    const callers = await keep(startChild('callers/load.mjs'))
    const pacer = await keep(startChild('servers/reference-pacer.mjs'))
    const during = async (work) => {
      await callers.ask('openWindow', { pid: service.pid })
      const result = await work()
      return { ...(await callers.ask('closeWindow', {}, WINDOW_LIMIT_MS)), result }
    }
    const load = { service, callers, during, dialReference: () => dialReference(callers, pacer) }
    const comingAndGoing = await underComingCalls(load, { calls, peaceMs, reloads, kills })
    return { ...comingAndGoing, ...(await underStayingCalls(load, { calls, peaceMs })) }
  } finally {
    await Promise.all(opened.map((one) => one.stop()))
  }
}

const dialReference = (callers, pacer) =>
  callers.ask('dial', { group: 'reference', count: 20, target: pacer.ready })

async function underComingCalls({ service, callers, during, dialReference }, options) {
  const openedMs = performance.now()
  await dialReference()
  await callers.ask('populate', {
    group: 'calls',
    target: service.target,
    count: options.calls,
    leastMs: SHORTEST_CALL_MS,
    mostMs: LONGEST_CALL_MS,
    seed: SEED,
  })
  await sleep(WARM_UP_MS)
  const before = await during(() => watchBalance(service, options.peaceMs))
  const reloading = await during(() => repeat(options.reloads, (turn) => reload(service, turn)))
  const killing = await during(() => killInTurn(service, options.kills, openedMs))
  await sleep(WARM_UP_MS)
  // Nobody asks the parent for anything but calls here: what it takes is theirs.
  const usage = await service.processes()
  const [parentThen] = usageOf(usage)
  const after = await during(() => sleep(options.peaceMs))
  const [parentNow] = usageOf(usage)
  const refusedLate = await service.refusedLate()
  const { violations } = await callers.ask('hangUp')
  const parentMs = (parentNow.cpuMs - parentThen.cpuMs) / (after.windowMs / 1000)
  return { before, reloading, killing, after, parentMs, refusedLate, violations }
}

/** The calls that are there stay: a service that is being stopped takes no others. */
async function underStayingCalls({ service, callers, during, dialReference }, { calls, peaceMs }) {
  await dialReference()
  await callers.ask('dial', { group: 'calls', count: calls, target: service.target })
  await sleep(WARM_UP_MS)
  const drainBefore = await during(() => sleep(peaceMs))
  const pids = (await service.processes()).map(([, pid]) => pid)
  const drain = await during(async () => {
    service.signal('SIGTERM')
    await sleep(peaceMs)
  })
  const hungUpMs = performance.now()
  await callers.ask('hangUp')
  const exit = await service.exited
  const left = usageOf(pids.map((pid) => ['', pid])).filter(({ cpuMs }) => !Number.isNaN(cpuMs)).length
  return { drainBefore, drain, drained: { exit, endMs: performance.now() - hungUpMs, left } }
}

/**
 * How uneven the calls were, again and again, and how many of them each worker was given. One that is late itself is
 * given none (`worstLagMs`).
 */
async function watchBalance(service, ms) {
  const begunBefore = await begunOf(service)
  const untilMs = performance.now() + ms
  const imbalances = []
  let worstLagMs = 0
  while (performance.now() < untilMs) {
    const { workers } = await service.readiness()
    const calls = workers.map((worker) => worker.calls)
    const mean = calls.reduce((all, some) => all + some, 0) / calls.length
    imbalances.push(Math.max(...calls) / mean - 1)
    worstLagMs = Math.max(worstLagMs, ...workers.map((worker) => worker.event_loop_lag_ms))
    await sleep(SAMPLE_MS)
  }
  const begunAfter = await begunOf(service)
  return { imbalances, worstLagMs, begun: begunAfter.map((calls, index) => calls - begunBefore[index]) }
}

/** Calls that each worker has begun. */
async function begunOf(service) {
  const text = await service.figures('/metrics/workers')
  const lines = text.match(/^kav_call_events_total\{.*event="call_started".*\} .*$/gm) ?? []
  return lines
    .map((line) => [Number(/worker="(\d+)"/.exec(line)?.[1]), Number(line.split(' ').at(-1))])
    .sort(([a], [b]) => a - b)
    .map(([, calls]) => calls)
}

async function repeat(times, work) {
  const done = []
  for (let turn = 1; turn <= times; turn++) done.push(await work(turn))
  return done
}

/** Another greeting, SIGHUP, and until all workers have taken it; ms. */
async function reload(service, turn) {
  const takenSoFar = () => service.counter('kav_reloads_total', 'outcome="taken"')
  const taken = await takenSoFar()
  service.rewrite(`Hello ${turn}.`)
  const askedMs = performance.now()
  service.signal('SIGHUP')
  await until(async () => (await takenSoFar()) > taken, 'the files were not taken')
  const tookMs = performance.now() - askedMs
  await sleep(BETWEEN_RELOADS_MS)
  return tookMs
}

/**
 * kill -9 of one worker after the other: `{ calls, lostByCount, listedMs, callMs }` of each; how many calls it had, how
 * many the service counts as lost, and when its follower stood in the slot and had its first call.
 */
async function killInTurn(service, kills, openedMs) {
  const sinceMs = new Map()
  return repeat(kills, async (turn) => {
    const slot = ((turn - 1) % WORKERS) + 1
    const soundMs = (sinceMs.get(slot) ?? openedMs) + SOUND_AFTER_MS
    await sleep(Math.max(turn === 1 ? 0 : BETWEEN_KILLS_MS, soundMs - performance.now()))
    const result = await killOne(service, slot)
    sinceMs.set(slot, performance.now())
    return result
  })
}

async function killOne(service, slot) {
  const lostBefore = await service.counter('kav_worker_calls_lost_total')
  const find = async () => (await service.readiness())?.workers.find(({ worker }) => worker === slot)
  const victim = await find()
  const killedMs = performance.now()
  process.kill(victim.pid, 'SIGKILL')
  let listedMs
  await until(async () => {
    const follower = await find()
    if (follower === undefined || follower.pid === victim.pid) return false
    listedMs ??= performance.now() - killedMs
    return follower.calls > 0
  }, 'no worker followed')
  const callMs = performance.now() - killedMs
  // Figures are written out once a second.
  await sleep(FIGURES_EVERY_MS)
  const lostByCount = (await service.counter('kav_worker_calls_lost_total')) - lostBefore
  return { calls: victim.calls, lostByCount, listedMs, callMs }
}

async function until(condition, otherwise) {
  const limitMs = performance.now() + CHANGE_LIMIT_MS
  while (!(await condition())) {
    if (performance.now() > limitMs) throw new Error(otherwise)
    await sleep(LOOK_MS)
  }
}
