import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

/** Runs in a thread of its own, where nothing that the process does can hold it up. */
const CODE = `
const { Worker, workerData } = require('node:worker_threads')
const { afterMs, tellAtMs, tell } = workerData
setTimeout(() => process.kill(process.pid, 'SIGKILL'), afterMs)
// Whoever writes may wait for ever: for a disk, or for one who reads standard error.
new Worker(tell, { eval: true, workerData: tellAtMs, execArgv: [], env: {} }).on('error', () => {})
`

/** Without the pool of threads that files go through: a disk that hangs has them all. */
const TELL = `
const { writeSync } = require('node:fs')
const { workerData } = require('node:worker_threads')
const text =
  'kav: ended by force (SIGKILL): something never came back, a plugin from its close perhaps. The next start completes the calls whose files are not whole.\\n'
setTimeout(() => writeSync(2, text), workerData - Date.now())
`
const TELL_BEFORE_MS = 100

const lastResorts = new WeakSet<Worker>()

/** Whether this thread is the one that kills the process when nothing else ends it. */
export const isLastResort = (thread: Worker): boolean => lastResorts.has(thread)

/**
 * Kills the process after `afterMs`, whatever its code is busy with then: a plugin that never comes back from its
 * `close` would hold the event loop, and with it every other limit. What is lost by it is what a kill from outside
 * costs, and the next start completes the calls; why it was is said on standard error.
 */
export function endWithoutFail(afterMs: number): void {
  endsAtMs = Math.min(endsAtMs, performance.now() + afterMs)
  try {
    leaveGoneFolder()
    const workerData = { afterMs, tellAtMs: Date.now() + afterMs - TELL_BEFORE_MS, tell: TELL }
    const worker = new Worker(CODE, { eval: true, workerData, execArgv: [], env: {} })
    lastResorts.add(worker)
    worker.on('error', () => undefined).unref()
  } catch {
    // No thread is left to be had: whoever supervises the process has a limit of his own.
  }
}

let endsAtMs = Infinity

/** Until the process is killed; `Infinity` as long as nothing has asked for that. */
export function leftMs(): number {
  return endsAtMs - performance.now()
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
