// The workers: who has how many calls, who is offered new ones, and who is gone.

export const UP = 0
export const DRAINING = 1
export const DOWN = 2

export function createFleet({ workers, maxCalls, random, doors, policy }) {
  const active = new Int32Array(workers)
  const state = new Uint8Array(workers)
  /** Which life of a worker a call belongs to: what ends in a later one was lost before. */
  const life = new Int32Array(workers)
  const reported = new Int32Array(workers)
  const listed = Array.from({ length: workers }, (_, worker) => worker)
  const placeIn = Int32Array.from(listed)
  const chosen = policy({ workers, active, reported, listed, random, doors })
  let running = 0

  function unlist(worker) {
    const at = placeIn[worker]
    if (at < 0) return
    const last = listed.pop()
    if (last !== worker) {
      listed[at] = last
      placeIn[last] = at
    }
    placeIn[worker] = -1
    chosen.left(worker)
  }

  return {
    active,
    state,
    life,
    listed,
    get running() {
      return running
    },
    canTake: (worker) => state[worker] === UP && active[worker] < maxCalls,
    choose: (door) => (listed.length === 0 ? undefined : chosen.choose(door)),
    begin(worker, door) {
      active[worker]++
      running++
      chosen.began(worker, door)
    },
    /** False when the call was lost with an earlier life of its worker. */
    end(worker, itsLife, door) {
      if (life[worker] !== itsLife) return false
      active[worker]--
      running--
      chosen.ended(worker, door)
      return true
    },
    drain(worker) {
      state[worker] = DRAINING
      unlist(worker)
    },
    /** All its calls are gone; how many. It stays listed until somebody finds out (`unlist`). */
    kill(worker) {
      const lost = active[worker]
      state[worker] = DOWN
      life[worker]++
      active[worker] = 0
      running -= lost
      return lost
    },
    unlist,
    /** A new process takes its place. */
    revive(worker) {
      state[worker] = UP
      if (placeIn[worker] >= 0) return
      placeIn[worker] = listed.push(worker) - 1
      reported[worker] = 0
      chosen.appeared(worker)
    },
    /** Whether its policy goes by reports. */
    isTold: chosen.told !== undefined,
    report() {
      reported.set(active)
      chosen.told()
    },
  }
}
