// Loaded into `kav serve` (`--import`): how long anything holds its event loop, and what it keeps open.
//
// A timer of a millisecond that comes late was held up, by the server or by the machine. Of both, the lesser of the
// wall clock and the CPU time that the process used meanwhile is the server's own.

import { readdirSync } from 'node:fs'

const TICK_MS = 1
let longestMs = 0
let lastMs = performance.now()
let lastCpu = process.cpuUsage()

setInterval(() => {
  const nowMs = performance.now()
  const spent = process.cpuUsage(lastCpu)
  const heldMs = Math.min(nowMs - lastMs - TICK_MS, (spent.user + spent.system) / 1000)
  longestMs = Math.max(longestMs, heldMs)
  lastMs = nowMs
  lastCpu = process.cpuUsage()
}, TICK_MS).unref()

const commands = {
  /** The longest hold since the last question. */
  held() {
    const ms = longestMs
    longestMs = 0
    return ms
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
