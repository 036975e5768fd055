import { exponential } from './arrivals.mjs'
import { DOWN } from './fleet.mjs'

/**
 * Each machine dies once in `everyMs`, on the average, with all its workers; others find out after `foundAfterMs`, and
 * `repairMs` after its death it is back.
 */
export function runDeaths({ everyMs, foundAfterMs, repairMs }, parts) {
  const { workers, workersPerMachine, fleet, lose, random, at, fromMs, onDeath } = parts
  const machines = workers / workersPerMachine

  function die(nowMs) {
    const first = Math.floor(random() * machines) * workersPerMachine
    const its = Array.from({ length: workersPerMachine }, (_, index) => first + index)
    onDeath()
    for (const worker of its) if (fleet.state[worker] !== DOWN) lose(worker)
    at(nowMs + foundAfterMs, () => its.forEach((worker) => fleet.unlist(worker)))
    at(nowMs + repairMs, () => its.forEach((worker) => fleet.revive(worker)))
    next(nowMs)
  }

  function next(nowMs) {
    const ms = nowMs + exponential(everyMs / machines, random)
    at(ms, () => die(ms))
  }

  next(fromMs)
}
