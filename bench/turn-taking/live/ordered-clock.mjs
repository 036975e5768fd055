// The machine's time for whatever is played in real time: what is due at the same moment, or was late, is called in the
// order of its due times, and how late it was is known.

/** `{ nowMs, wallMs, after }` as the core's clock, and `lateness()`. `timers` is for tests. */
export function createOrderedClock({ nowMs = () => performance.now(), timers = globalThis } = {}) {
  const due = []
  let timer
  let watched = []

  function insert(entry) {
    let at = due.length
    while (at > 0 && due[at - 1].atMs > entry.atMs) at--
    due.splice(at, 0, entry)
    if (at === 0) schedule()
  }

  function schedule() {
    timers.clearTimeout(timer)
    timer = due.length === 0 ? undefined : timers.setTimeout(run, Math.max(0, due[0].atMs - nowMs()))
  }

  function run() {
    // Timers may fire a little early: what is due within a millisecond is called now.
    while (due.length > 0 && due[0].atMs - nowMs() < 1) {
      const { atMs, callback } = due.shift()
      watched.push(Math.max(0, nowMs() - atMs))
      callback()
    }
    schedule()
  }

  return {
    nowMs,
    wallMs: () => Date.now(),
    after(delayMs, callback) {
      const entry = { atMs: nowMs() + Math.max(0, delayMs), callback }
      insert(entry)
      return () => {
        const at = due.indexOf(entry)
        if (at >= 0) due.splice(at, 1)
      }
    },
    /** How late each call was since this was last asked, ms. */
    lateness() {
      const found = watched
      watched = []
      return found
    },
  }
}
