/**
 * Workers by their number of calls: which has the fewest is found at once, however many there are. Counts change by one
 * at a time; of several with the fewest, one by lot.
 */
export function createLoadIndex(workers) {
  const level = new Int32Array(workers).fill(-1)
  const place = new Int32Array(workers)
  /** The members of each level. */
  const levels = [[]]
  let least = 0

  function put(worker, count) {
    while (levels.length <= count) levels.push([])
    level[worker] = count
    place[worker] = levels[count].push(worker) - 1
    if (count < least) least = count
  }

  function drop(worker) {
    const members = levels[level[worker]]
    const last = members.pop()
    if (last !== worker) {
      members[place[worker]] = last
      place[last] = place[worker]
    }
    level[worker] = -1
  }

  return {
    /** Adds it, or moves it to another count. */
    set(worker, count) {
      if (level[worker] >= 0) drop(worker)
      put(worker, count)
    },
    remove(worker) {
      if (level[worker] >= 0) drop(worker)
    },
    has: (worker) => level[worker] >= 0,
    /** `undefined` when nobody is there. `random()` is in [0, 1). */
    least(random) {
      while (least < levels.length && levels[least].length === 0) least++
      if (least === levels.length) {
        least = 0
        return undefined
      }
      const members = levels[least]
      return members[Math.floor(random() * members.length)]
    },
  }
}
