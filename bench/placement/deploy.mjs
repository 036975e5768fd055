import { DRAINING } from './fleet.mjs'

const LOOK_MS = 1000

/**
 * Replaces all workers, `batch` at a time: each takes no new call, ends with its last one or after `drainMs`, and its
 * successor is there `startMs` later; then the next batch. `plannedCalls` is what a worker has on an ordinary day:
 * what those in replacement have less than that, the others must carry.
 */
export function runDeploy({ atMs, batch, drainMs, startMs, plannedCalls }, { fleet, lose, at }) {
  const { active, state } = fleet
  const workers = active.length
  let next = 0
  let drained = 0
  let cut = 0
  let mostSpare = 0
  let endedMs
  const replaced = new Set()

  function startBatch(nowMs) {
    const its = []
    while (its.length < batch && next < workers) its.push(next++)
    for (const worker of its) {
      drained += active[worker]
      fleet.drain(worker)
      replaced.add(worker)
    }
    look(nowMs, nowMs + drainMs)
  }

  function look(nowMs, limitMs) {
    for (const worker of replaced) {
      if (state[worker] !== DRAINING || (active[worker] > 0 && nowMs < limitMs)) continue
      cut += lose(worker)
      at(nowMs + startMs, () => {
        fleet.revive(worker)
        replaced.delete(worker)
      })
    }
    let spare = 0
    for (const worker of replaced) spare += Math.max(0, plannedCalls - active[worker])
    mostSpare = Math.max(mostSpare, spare / plannedCalls)
    const later = nowMs + LOOK_MS
    if (replaced.size > 0) at(later, () => look(later, limitMs))
    else if (next < workers) startBatch(nowMs)
    else endedMs = nowMs
  }

  at(atMs, () => startBatch(atMs))
  return {
    get done() {
      return endedMs !== undefined
    },
    /** `spareWorkers`: as many workers' calls the others carried at the worst moment. */
    summary: () => ({
      tookMs: endedMs === undefined ? undefined : endedMs - atMs,
      drained,
      cut,
      spareWorkers: mostSpare,
    }),
  }
}
