import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

/** Runs in a thread of its own, where nothing that the process does can hold it up. */
const CODE = `
const { workerData } = require('node:worker_threads')
setTimeout(() => process.kill(process.pid, 'SIGKILL'), workerData)
`

const lastResorts = new WeakSet<Worker>()

/** Whether this thread is the one that kills the process when nothing else ends it. */
export const isLastResort = (thread: Worker): boolean => lastResorts.has(thread)

/**
 * Kills the process after `afterMs`, whatever its code is busy with then: a plugin that never comes back from its
 * `close` would hold the event loop, and with it every other limit. What is lost by it is what a kill from outside
 * costs, and the next start completes the calls.
 */
export function endWithoutFail(afterMs: number): void {
  try {
    leaveGoneFolder()
    const worker = new Worker(CODE, { eval: true, workerData: afterMs, execArgv: [], env: {} })
    lastResorts.add(worker)
    worker.on('error', () => undefined).unref()
  } catch {
    // No thread is left to be had: whoever supervises the process has a limit of his own.
  }
}

/** No thread starts in a folder that was removed; what is asked of Node alone may be the folder that it remembers. */
function leaveGoneFolder(): void {
  if (!hasFolder()) process.chdir('/')
}

function hasFolder(): boolean {
  try {
    return existsSync(process.cwd())
  } catch {
    return false
  }
}
