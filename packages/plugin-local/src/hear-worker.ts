import type { Worker } from 'node:worker_threads'
import type { Metrics } from '@kav/core'
import type { ForeignRead } from '@kav/core/kit'
import { oddReply } from './odd-reply.ts'

export interface WorkerEars<Reply> {
  readonly kind: Parameters<typeof oddReply>[0]
  readonly metrics: Metrics
  /** Counts what is odd. */
  readonly counter: string
  /** Nobody asks it anything any more: what it still says is let pass. */
  isOver(): boolean
  read(value: unknown): ForeignRead<Reply>
  onReply(reply: Reply): void
  /** Once, with why it ended. */
  onExit(fault: unknown): void
}

/** What a worker says, for as long as it can be believed: one that says something odd is ended as one that died. */
export function hearWorker<Reply>(worker: Worker, ears: WorkerEars<Reply>): void {
  let fault: unknown
  worker.on('message', (value: unknown) => {
    if (fault !== undefined || ears.isOver()) return
    const read = ears.read(value)
    if (read.ok) return ears.onReply(read.value)
    fault = oddReply(ears.kind, read.why)
    ears.metrics.count(ears.counter)
    void worker.terminate()
  })
  worker.on('error', (error) => (fault = error))
  worker.on('exit', (code) => ears.onExit(fault ?? new Error(`exit code ${code}`)))
}
