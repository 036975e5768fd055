// Loaded into `kav serve` (`--import`): how long anything holds its event loop, and what it keeps open.
//
// A timer of a millisecond that comes late was held up, by the server or by the machine. Of both, the lesser of the
// wall clock and the CPU time that the process used meanwhile is the server's own. What of it was garbage collection
// is told beside it.

import { readdirSync } from 'node:fs'
import { PerformanceObserver } from 'node:perf_hooks'

const TICK_MS = 1
/** Shorter ones are not kept. */
const WORTH_MS = 1
let holds = []
let collections = []
let lastMs = performance.now()
let lastCpu = process.cpuUsage()

new PerformanceObserver((list) => collections.push(...list.getEntries())).observe({ entryTypes: ['gc'] })

setInterval(() => {
  const nowMs = performance.now()
  const spent = process.cpuUsage(lastCpu)
  const heldMs = Math.min(nowMs - lastMs - TICK_MS, (spent.user + spent.system) / 1000)
  if (heldMs > WORTH_MS) holds.push({ ms: heldMs, fromMs: lastMs, toMs: nowMs })
  lastMs = nowMs
  lastCpu = process.cpuUsage()
}, TICK_MS).unref()

function collectionMs({ ms, fromMs, toMs }) {
  const within = collections.filter(
    ({ startTime, duration }) => startTime < toMs && startTime + duration > fromMs,
  )
  return Math.min(
    ms,
    within.reduce((sum, { duration }) => sum + duration, 0),
  )
}

const commands = {
  /** The longest hold since the last question, and the longest without the garbage collection in it. */
  held() {
    const ms = Math.max(0, ...holds.map((hold) => hold.ms))
    const ownMs = Math.max(0, ...holds.map((hold) => hold.ms - collectionMs(hold)))
    holds = []
    collections = []
    return { ms, ownMs }
  },
  async kept() {
    globalThis.gc()
    await new Promise((resolve) => setTimeout(resolve, 100))
    globalThis.gc()
    const { rss, heapUsed, external } = process.memoryUsage()
    return { descriptors: readdirSync('/proc/self/fd').length, rss, used: heapUsed + external }
  },
}

process.on('message', async ({ id, ask, args }) => {
  if (ask === 'stop') return process.kill(process.pid, 'SIGKILL')
  process.send({ id, value: await commands[ask](args) })
})
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.channel.unref()
// The parent waits for a first word; the port is asked by itself.
process.send({ id: 0, value: {} })
