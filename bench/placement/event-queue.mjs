/** What is due at which time, the earliest first; at equal times in no certain order. A binary heap. */
export function createEventQueue() {
  let times = new Float64Array(1024)
  const values = []
  let size = 0

  function add(atMs, value) {
    if (size === times.length) {
      const larger = new Float64Array(size * 2)
      larger.set(times)
      times = larger
    }
    let at = size++
    while (at > 0) {
      const above = (at - 1) >> 1
      if (times[above] <= atMs) break
      times[at] = times[above]
      values[at] = values[above]
      at = above
    }
    times[at] = atMs
    values[at] = value
  }

  /** Puts the last one where the first was. */
  function sink(atMs, value) {
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= size) break
      if (below + 1 < size && times[below + 1] < times[below]) below++
      if (times[below] >= atMs) break
      times[at] = times[below]
      values[at] = values[below]
      at = below
    }
    times[at] = atMs
    values[at] = value
  }

  return {
    add,
    /** `Infinity` when nothing is due. */
    get nextMs() {
      return size === 0 ? Infinity : times[0]
    },
    take() {
      const first = values[0]
      const last = values[--size]
      values.length = size
      if (size > 0) sink(times[size], last)
      return first
    },
  }
}
