/** How evenly calls lie on the workers that are offered calls. */
export function createBalance() {
  let samples = 0
  let running = 0
  let imbalance = 0
  let busiest = 0
  return {
    sample({ active, listed, running: now }) {
      let sum = 0
      let most = 0
      for (const worker of listed) {
        sum += active[worker]
        if (active[worker] > most) most = active[worker]
      }
      samples++
      running += now
      busiest = Math.max(busiest, most)
      if (sum > 0) imbalance += (most * listed.length) / sum - 1
    },
    /** Means over the samples; `busiest` is the most calls that one worker had. */
    summary: () => ({ running: running / samples, imbalance: imbalance / samples, busiest }),
  }
}
