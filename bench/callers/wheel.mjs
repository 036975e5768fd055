// The callers' one clock: twenty slots of a millisecond, so that every call has a phase of its own, on an absolute
// grid. What was missed is made up for, up to a second, as a carrier's network does. It knows how late it was itself.
//
// It is no timer. The thread sleeps between two ticks, then sends what is due and lets the event loop look once at
// what has come. So nothing that arrives wakes the process: it wakes a thousand times a second whatever the load, and
// to the microsecond, where a timer of Node would be a millisecond late.

const SLOTS = 20
const TICK_MS = 1
/** What comes right behind a late tick was held up with it. */
const SAME_STALL_MS = 2
/** What is further behind is not sent any more: a process that cannot keep up must come to rest. */
const MAX_BEHIND_MS = 1000

/** `onTick(nowMs)` is called at every tick, after the frames. */
export function createWheel(onTick) {
  const slots = Array.from({ length: SLOTS }, () => [])
  const originMs = performance.now()
  const loopLag = createHistogram()
  const sendLag = createHistogram()
  const never = new Int32Array(new SharedArrayBuffer(4))
  let joined = 0
  let turning = false
  let tick = 0
  let lastTickMs = -Infinity
  let lastLagMs = 0
  let arrivalMs = 0

  const dueOf = (tickNumber) => originMs + tickNumber * TICK_MS

  function turn() {
    turning = joined > 0
    if (!turning) return
    const aheadMs = dueOf(tick) - performance.now()
    if (aheadMs > 0) Atomics.wait(never, 0, 0, aheadMs)
    const nowMs = performance.now()
    arrivalMs = 0
    lastTickMs = nowMs
    lastLagMs = Math.max(0, nowMs - dueOf(tick))
    loopLag.add(lastLagMs, 1)
    const due = tickAt(nowMs)
    tick = Math.max(tick, due - MAX_BEHIND_MS / TICK_MS)
    for (; tick <= due; tick++) sendSlot(tick)
    onTick(nowMs)
    setImmediate(turn)
  }

  function sendSlot(tickNumber) {
    const calls = slots[tickNumber % SLOTS]
    if (calls.length === 0) return
    for (let index = 0; index < calls.length; index++) calls[index].sendFrame()
    sendLag.add(Math.max(0, performance.now() - dueOf(tickNumber)), calls.length)
  }

  const tickAt = (nowMs) => Math.max(tick, Math.floor((nowMs - originMs) / TICK_MS))

  return {
    join(call) {
      call.slot = slots[Math.floor(Math.random() * SLOTS)]
      call.slot.push(call)
      if (joined++ > 0 || turning) return
      tick = Math.ceil((performance.now() - originMs) / TICK_MS)
      turning = true
      setImmediate(turn)
    },
    leave(call) {
      const at = call.slot?.indexOf(call) ?? -1
      if (at < 0) return
      call.slot.splice(at, 1)
      joined--
    },
    /** One stamp for all that one turn reads. */
    arrivalMs() {
      if (arrivalMs === 0) arrivalMs = performance.now()
      return arrivalMs
    },
    /** How late this process is at this moment. */
    overdueMs() {
      const nowMs = performance.now()
      const heldUp = nowMs - lastTickMs < SAME_STALL_MS ? lastLagMs : 0
      return Math.max(0, heldUp, turning ? nowMs - dueOf(tick) : 0)
    },
    resetLag() {
      loopLag.reset()
      sendLag.reset()
    },
    /** How late its turns began, and how late each frame had been written. */
    lag: () => ({ loop: loopLag.summary(), send: sendLag.summary() }),
  }
}

const BIN_MS = 0.02
const BINS = 50_000

function createHistogram() {
  const bins = new Uint32Array(BINS)
  let count = 0
  let max = 0
  const percentile = (share) => {
    let left = Math.ceil(count * share)
    for (let bin = 0; bin < BINS; bin++) if ((left -= bins[bin]) <= 0) return (bin + 1) * BIN_MS
    return max
  }
  return {
    add(ms, times) {
      bins[Math.min(BINS - 1, Math.floor(ms / BIN_MS))] += times
      count += times
      if (ms > max) max = ms
    },
    reset() {
      bins.fill(0)
      count = 0
      max = 0
    },
    summary: () => ({ p50: percentile(0.5), p99: percentile(0.99), max }),
  }
}
