import {
  type CallStore,
  type Clock,
  isProviderError,
  type Logger,
  messageOf,
  type Metrics,
  type StoredCall,
} from '@kav/core'
import { attempt, withDeadline } from '@kav/core/kit'

/** Puts batches into a store, one after the other, and waits for no answer without end. */
export interface BatchPut {
  /** Rejects when they are to be put later. What no store would ever take is told and counted. */
  put(batch: readonly StoredCall[]): Promise<void>
  /** From now on an answer is waited for two seconds, that to what was sent included. */
  hasten(): void
}

const LIMIT_MS = 10_000
const HASTY_LIMIT_MS = 2000

export interface BatchPutParts {
  readonly store: Pick<CallStore, 'put'>
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

export function createBatchPut({ store, clock, log, metrics }: BatchPutParts): BatchPut {
  let limitMs = LIMIT_MS
  let current = new AbortController()

  /** One that no store would take costs no other of its batch. */
  async function put(batch: readonly StoredCall[]): Promise<void> {
    if (batch.length === 0) return
    const startMs = clock.nowMs()
    try {
      const done = attempt(() => store.put(batch))
      await withDeadline(clock, limitMs, 'an answer of the store', done, current.signal)
      metrics.count('store_calls_written_total', batch.length)
      metrics.observe('store_put_ms', clock.nowMs() - startMs)
    } catch (error) {
      if (!isUnfit(error)) throw error
      if (batch.length > 1) for (const call of batch) await put([call])
      else {
        metrics.count('store_calls_refused_total')
        log.error({ call: batch[0]!.id, error: messageOf(error) }, 'HISTORY: the store will not take a call')
      }
    }
  }

  return {
    put(batch) {
      current = new AbortController()
      return put(batch)
    },
    hasten() {
      limitMs = HASTY_LIMIT_MS
      const sent = current
      clock.after(HASTY_LIMIT_MS, () => sent.abort())
    },
  }
}

/** The same again would fail again. */
export function isUnfit(error: unknown): boolean {
  return isProviderError(error) && (error.class === 'bad-data' || error.class === 'bad-request')
}
