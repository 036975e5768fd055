// Calls come, are placed, last and end; machines die; processes are replaced. All of it from one seed, in no real time.

import { createRandom } from '../lib/random.mjs'
import { createArrivals, exponential } from './arrivals.mjs'
import { createBalance } from './balance.mjs'
import { runDeaths } from './deaths.mjs'
import { runDeploy } from './deploy.mjs'
import { createEventQueue } from './event-queue.mjs'
import { createFleet } from './fleet.mjs'
import { createLengths, createRests } from './lengths.mjs'

const REPORT_MS = 1000
const SAMPLE_MS = 10_000
/** Workers that are asked for one call: the first choice, then any. */
const TRIES = 3

/**
 * `options`: `seed`; `workers`, of which a machine has `workersPerMachine`, each with room for `maxCalls`; `policy` and
 * `doors` (policies.mjs); `arrivals` as in arrivals.mjs; `lengths` as in lengths.mjs; `fromMs`, `toMs`, from when on
 * things count (`countFromMs`); `startCalls` that are there at first; `redials: { share, afterMs }` of callers who were
 * refused or lost; `deaths: { everyMs, foundAfterMs, repairMs }` of a machine; `deploy` as in deploy.mjs, with whose end all
 * ends.
 */
export function simulate(options) {
  const { workers, workersPerMachine = 1, fromMs = 0, toMs, countFromMs = fromMs, doors = 1 } = options
  const random = createRandom(options.seed)
  const fleet = createFleet({ ...options, doors, random })
  const lengthOf = createLengths(options.lengths)
  const arrivals = createArrivals({ ...options.arrivals, random })
  const ends = createEventQueue()
  const agenda = createEventQueue()
  const count = { offered: 0, refused: 0, passedOn: 0, lost: 0, redials: 0, deaths: 0 }
  const balance = createBalance()
  const anyDoor = () => (doors === 1 ? 0 : Math.floor(random() * doors))
  let nowMs = fromMs
  const counts = (what, by = 1) => {
    if (nowMs >= countFromMs) count[what] += by
  }
  const every = (ms, act) => agenda.add(nowMs + ms, () => (act(), every(ms, act)))
  const redial = () => {
    const { share, afterMs } = options.redials ?? { share: 0 }
    if (random() < share) agenda.add(nowMs + exponential(afterMs, random), () => (counts('redials'), offer()))
  }
  const lose = (worker) => {
    const lost = fleet.kill(worker)
    counts('lost', lost)
    for (let call = 0; call < lost; call++) redial()
    return lost
  }

  function begin(worker, door, lengthMs) {
    fleet.begin(worker, door)
    ends.add(nowMs + lengthMs, (fleet.life[worker] * doors + door) * workers + worker)
  }

  function offer() {
    counts('offered')
    const door = anyDoor()
    let worker = fleet.choose(door)
    for (let tries = 1; worker !== undefined && !fleet.canTake(worker); tries++) {
      if (tries === 1) counts('passedOn')
      const { listed } = fleet
      worker = tries < TRIES ? listed[Math.floor(random() * listed.length)] : undefined
    }
    if (worker !== undefined) return begin(worker, door, lengthOf(random))
    counts('refused')
    redial()
  }

  function end() {
    const call = ends.take()
    const which = Math.floor(call / workers)
    fleet.end(call % workers, Math.floor(which / doors), which % doors)
  }

  if (fleet.isTold) every(REPORT_MS, () => fleet.report())
  every(SAMPLE_MS, () => nowMs >= countFromMs && balance.sample(fleet))
  const at = (ms, act) => agenda.add(ms, act)
  if (options.deaths) {
    const machines = { workers, workersPerMachine, fleet, lose }
    runDeaths(options.deaths, { ...machines, random, at, fromMs, onDeath: () => counts('deaths') })
  }
  const restOf = createRests(options.lengths)
  for (let call = 0; call < (options.startCalls ?? 0); call++)
    begin(call % workers, anyDoor(), restOf(random))
  if (fleet.isTold) fleet.report()
  const deploy = options.deploy && runDeploy(options.deploy, { fleet, lose, at })

  let arrivalMs = arrivals.next(nowMs)
  for (;;) {
    const dueMs = Math.min(arrivalMs, ends.nextMs, agenda.nextMs)
    if (dueMs >= toMs || deploy?.done) break
    nowMs = dueMs
    if (dueMs === ends.nextMs) end()
    else if (dueMs === agenda.nextMs) agenda.take()()
    else {
      offer()
      arrivalMs = arrivals.next(nowMs)
    }
  }
  return { ...count, ...balance.summary(), ...(deploy && { deploy: deploy.summary() }) }
}
