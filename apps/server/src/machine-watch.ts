import { Worker } from 'node:worker_threads'

/** How late a timer came that has nothing else to do: no call can be more punctual than the machine it runs on. */
export interface MachineLateness {
  readonly p99Ms: number
  readonly maxMs: number
}

/** A thread of its own: what holds the call's event loop up is the call's fault, and not in this figure. */
const CODE = `
const { parentPort, workerData } = require('node:worker_threads')
const lateMs = []
let dueMs = performance.now() + workerData
let timer = setTimeout(tick, workerData)
function tick() {
  const nowMs = performance.now()
  lateMs.push(Math.max(0, nowMs - dueMs))
  dueMs = Math.max(dueMs + workerData, nowMs)
  timer = setTimeout(tick, dueMs - nowMs)
}
parentPort.once('message', () => {
  clearTimeout(timer)
  parentPort.postMessage(lateMs)
})
`
/** As often as a frame is due. */
const PERIOD_MS = 20

/** Watches the machine until `stop`, which says how late it was. `undefined`: there is no thread to be had for it. */
export function watchMachine(): { stop(): Promise<MachineLateness | undefined> } {
  const worker = startThread()
  if (worker === undefined) return { stop: async () => undefined }
  worker.unref()
  const told = new Promise<MachineLateness | undefined>((resolve) => {
    worker.once('message', (lateMs: number[]) => resolve(latenessOf(lateMs)))
    worker.once('error', () => resolve(undefined))
    worker.once('exit', () => resolve(undefined))
  })
  return {
    async stop() {
      worker.ref()
      worker.postMessage('stop')
      return told
    },
  }
}

function startThread(): Worker | undefined {
  try {
    return new Worker(CODE, { eval: true, workerData: PERIOD_MS, execArgv: [], env: {} })
  } catch {
    // Thrown at once where the system has none left.
    return undefined
  }
}

export function latenessOf(lateMs: readonly number[]): MachineLateness {
  const sorted = [...lateMs].sort((a, b) => a - b)
  return { p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0, maxMs: sorted.at(-1) ?? 0 }
}
