// What a measurement may ask of a server under test, over the channel to its parent process.

import { PerformanceObserver } from 'node:perf_hooks'

/** Answers `{ id, ask, ...args }` with `{ id, value }` or `{ id, error }`; ends with the parent. */
export function serveCommands(commands) {
  process.on('message', async ({ id, ask, args }) => {
    if (ask === 'stop') process.exit(0)
    try {
      const value = await commands[ask](args)
      process.send({ id, value })
    } catch (error) {
      process.send({ id, error: error instanceof Error ? error.message : String(error) })
    }
  })
  process.on('disconnect', () => process.exit(0))
}

/** Holding the event loop, memory after garbage collection, and the time that collection takes. */
export function processCommands() {
  const pauses = []
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) pauses.push({ ms: entry.duration, kind: entry.detail.kind })
  })
  return {
    block({ ms }) {
      const until = performance.now() + ms
      while (performance.now() < until);
    },
    async memory() {
      // Twice, with a turn between: weak references and pooled buffers go in the second.
      globalThis.gc()
      await new Promise((resolve) => setTimeout(resolve, 100))
      globalThis.gc()
      return process.memoryUsage()
    },
    watchGc() {
      pauses.length = 0
      observer.observe({ entryTypes: ['gc'] })
    },
    gcPauses() {
      observer.disconnect()
      return pauses.splice(0)
    },
  }
}
