// What the same calls cost in one process and with workers, all processes of the server on one core and the callers
// on the other. From it what free cores would carry is reckoned; two busy ones are never seen, for the callers need one.

import { startChild } from '../lib/children.mjs'
import { pin } from '../lib/pin.mjs'
import { runRounds, shuffled } from '../lib/rounds.mjs'
import { sleep } from '../lib/setup.mjs'
import { callersOf, checkLoad, voidReason } from '../lib/window.mjs'
import { openWorkersService, usageOf } from './workers-service.mjs'

const CALLERS_CORE = 0
const SERVER_CORE = 1
const WARM_UP_MS = 3000

/** As many calls in one process, in two workers together, and in each of the two. */
export const settingsOf = (calls) => [
  { key: 'one', workers: 1, calls },
  { key: 'shared', workers: 2, calls },
  { key: 'each', workers: 2, calls: 2 * calls },
]

/** Rounds of `{ one, shared, each }`, in an order by lot; as `runRounds` returns them. */
export function measureCost({ calls, windowMs, rounds }) {
  return runRounds(rounds, async () => {
    const round = {}
    for (const setting of shuffled(settingsOf(calls))) {
      const measured = await measureSetting(setting, windowMs)
      round[setting.key] = measured
      if (measured.voidReason !== undefined) round.voidReason ??= `${setting.key}: ${measured.voidReason}`
    }
    return round
  })
}

async function measureSetting({ workers, calls }, windowMs) {
  const opened = []
  const keep = async (opening) => {
    opened.push(await opening)
    return opened.at(-1)
  }
  try {
    const service = await keep(openWorkersService({ workers, core: SERVER_CORE }))
    const callers = await keep(startChild('callers/load.mjs'))
    const pacer = await keep(startChild('servers/reference-pacer.mjs'))
    for (const { pid } of [callers, pacer]) pin(pid, CALLERS_CORE)
    const idle = usageOf(await service.processes())
    await callers.ask('dial', { group: 'reference', count: 20, target: pacer.ready })
    await callers.ask('dial', { group: 'calls', count: calls, target: service.target })
    await sleep(WARM_UP_MS)
    const processes = await service.processes()
    const before = usageOf(processes)
    const startedMs = performance.now()
    const window = await callers.ask('measure', { ms: windowMs, pid: service.pid })
    const after = usageOf(processes)
    const seconds = (performance.now() - startedMs) / 1000
    checkLoad(window, calls)
    return {
      calls,
      idle,
      after,
      /** ms of CPU a second, by process. */
      cpu: after.map(({ role, cpuMs }, index) => ({ role, ms: (cpuMs - before[index].cpuMs) / seconds })),
      late: window.groups.calls.latenessMs.p99,
      reference: window.groups.reference.latenessMs.p99,
      underruns: window.groups.calls.underruns,
      callers: callersOf(window),
      voidReason: voidReason(window, { baseline: true }),
    }
  } finally {
    await Promise.all(opened.map((one) => one.stop()))
  }
}

const isWorker = ({ role }) => /^worker|^one process/.test(role)
const sum = (list, pick) => list.reduce((total, one) => total + pick(one), 0)

/** ms of CPU a call and second: of those that carry it, and of all processes. */
export const carriedCost = ({ cpu, calls }) => sum(cpu.filter(isWorker), ({ ms }) => ms) / calls
export const wholeCost = ({ cpu, calls }) => sum(cpu, ({ ms }) => ms) / calls

/** ms of CPU a second that parent and spare take, whatever calls there are. */
export const standingCost = ({ cpu }) =>
  sum(
    cpu.filter((one) => !isWorker(one)),
    ({ ms }) => ms,
  )

/**
 * How many times the calls of one process two workers carry on two free cores, by arithmetic: each worker has a core,
 * less what the parent takes, for itself and for each call that begins (`beginMs`), of calls of `lengthSeconds`.
 */
export function scaleOf({ one, each }, { beginMs, lengthSeconds }) {
  const ofOne = 1000 / carriedCost(one)
  const ofTwo = (2000 - standingCost(each)) / (carriedCost(each) + beginMs / lengthSeconds)
  return ofTwo / ofOne
}
