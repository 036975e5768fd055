import { Worker } from 'node:worker_threads'
import type { Clock } from '@kav/core'
import type { CheckAsk, CheckedText } from './check-messages.ts'

/** From src and from dist alike. */
const THREAD = new URL('../../dist/check/check-thread.js', import.meta.url)
/** Reading all plugins of a pipeline takes a second or two on a busy machine. */
const LIMIT_MS = 15_000
const MAX_HEAP_MB = 256
/** Who asks while so many wait is told to come again. */
const MAX_WAITING = 4

/** Why a text was not checked. */
export type Unchecked = 'busy' | 'late' | 'failed'

/**
 * Checks texts in a thread of their own, one after the other: reading one, and importing what it names, holds up no
 * call of this process, and is ended when it takes too long or too much memory. Never rejects.
 */
export type CheckText = (ask: CheckAsk) => Promise<CheckedText | Unchecked>

export function createCheckText(clock: Clock, maxWaiting = MAX_WAITING): CheckText {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return async (ask) => {
    if (waiting >= maxWaiting) return 'busy'
    waiting++
    // Where no thread is to be had that is thrown at once, and the next one may have one.
    const checked = last.then(() => checkInThread(ask, clock)).catch((): Unchecked => 'failed')
    last = checked
    return await checked.finally(() => waiting--)
  }
}

function checkInThread(ask: CheckAsk, clock: Clock): Promise<CheckedText | Unchecked> {
  return new Promise((resolve) => {
    const thread = new Worker(THREAD, {
      workerData: { ...ask, env: { ...ask.env } },
      name: 'kav-check',
      // What plugins print is printed by the import that counts.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    })
    const over = (answer: CheckedText | Unchecked): void => {
      cancel()
      void thread.terminate()
      resolve(answer)
    }
    const cancel = clock.after(LIMIT_MS, () => over('late'))
    thread.once('message', over)
    thread.once('error', () => over('failed'))
    thread.once('exit', () => over('failed'))
  })
}
