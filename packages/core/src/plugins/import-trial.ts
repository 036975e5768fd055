import { Worker } from 'node:worker_threads'
import type { Clock } from '../contracts/index.ts'
import { IMPORT_LIMIT_MS, ImportHangs } from './import-module.ts'

/** Code of the thread: text, so that it is the same wherever this module is run from. */
const THREAD = `
const { workerData } = require('node:worker_threads')
const { url, hooks } = workerData
if (hooks !== undefined) require('node:module').register(hooks.url, { data: hooks.data })
import(url).catch(() => undefined).finally(() => process.exit())
`

export interface TrialHooks {
  readonly url: string
  readonly data: unknown
}

/**
 * Imports a module in a thread of its own, which can be ended whatever it does: a loop without end at the top of a module
 * would stop this thread, and every call in it, for ever. Rejects with `ImportHangs` alone; whatever else is wrong is told
 * when it is imported here.
 *
 * @param hooks what has this process read TypeScript
 */
export function tryImport(url: string, clock: Clock, hooks?: TrialHooks): Promise<void> {
  return new Promise((resolve, reject) => {
    // What it prints is printed by the import that counts.
    const thread = new Worker(THREAD, {
      eval: true,
      stdout: true,
      stderr: true,
      workerData: { url, hooks },
    })
    const cancel = clock.after(IMPORT_LIMIT_MS, () => {
      const isBusy = thread.performance.eventLoopUtilization().utilization > BUSY_SHARE
      void thread.terminate()
      reject(new ImportHangs(isBusy ? 'busy' : 'waits'))
    })
    const done = (): void => {
      cancel()
      resolve()
    }
    thread.once('error', done).once('exit', done)
  })
}

const BUSY_SHARE = 0.9
