import { setTimeout as sleep } from 'node:timers/promises'
import { fail } from './contract-case.ts'
import { watchResources, type ResourceWatch } from './resource-watch.ts'

/** Comes and goes with any work, in the test runner too. */
const TRANSIENT = new Set([
  'Immediate',
  'TickObject',
  'Microtask',
  'FSReqCallback',
  'FSReqPromise',
  'CloseReq',
])

function count(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const type of process.getActiveResourcesInfo()) {
    if (!TRANSIENT.has(type)) counts.set(type, (counts.get(type) ?? 0) + 1)
  }
  return counts
}

/** The fewest of each over a few samples: what is just ending must not hide a leak of its kind. */
async function countLasting(): Promise<Map<string, number>> {
  const counts = count()
  for (let sample = 0; sample < 8; sample++) {
    await sleep(20)
    const now = count()
    for (const [type, before] of counts) counts.set(type, Math.min(before, now.get(type) ?? 0))
  }
  return counts
}

/** What keeps the process alive now and did not in `before`. */
function extra(before: ReadonlyMap<string, number>): string[] {
  return [...count()]
    .filter(([type, now]) => now > (before.get(type) ?? 0))
    .map(([type, now]) => `${now - (before.get(type) ?? 0)} ${type}`)
}

/** Looks until `left` is empty, for `settleMs` at most. */
async function settles(settleMs: number, what: string, left: () => readonly string[]): Promise<void> {
  const deadline = performance.now() + settleMs
  for (let open = left(); ; open = left()) {
    if (open.length === 0) return
    if (performance.now() > deadline) {
      fail(`expected nothing to be open ${settleMs} ms after ${what}; still open: ${open.join(', ')}`)
    }
    // Must not itself be seen: a pending sleep is a Timeout, so it has ended whenever we count.
    await sleep(20)
  }
}

/**
 * Runs `work`, after which no more timers, sockets or threads may keep the process alive than before, and no timers
 * that keep nothing alive may be waiting. They get `settleMs` to disappear; a leak is told by what Node.js calls it
 * (`process.getActiveResourcesInfo`), or by the line that made it.
 */
export async function leavesNothingOpen(
  settleMs: number,
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  const watch = watchResources()
  try {
    const before = await countLasting()
    await watch.run(work)
    await settles(settleMs, what, () => extra(before))
    if (watch.idleTimers().size > 0) await leavesNoMoreTimers(watch, settleMs, what, work)
  } finally {
    watch.stop()
  }
}

/** What a library keeps once for the whole process does not grow with use: a leak does. */
async function leavesNoMoreTimers(
  watch: ResourceWatch,
  settleMs: number,
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  const once = watch.idleTimers()
  await watch.run(work)
  await settles(settleMs, what, () =>
    [...watch.idleTimers()]
      .filter(([place, count]) => count > (once.get(place) ?? 0))
      .map(([place]) => `a timer that keeps no process alive (${place})`),
  )
}
