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
import type { Outbox } from '../outbox/outbox.ts'

/** The way of calls into a store: in batches, behind everything else. Nobody waits for it. */
export interface StoreWriter {
  /**
   * Resolves with true when the call is safe from the end of this process, in the store or in the outbox; with false
   * when there is no room for it. Never rejects.
   */
  put(call: StoredCall): Promise<boolean>
  /** The store cannot be opened now. */
  away(error: unknown): void
  /** It was reached. */
  back(): void
  /** Whether it took what came last. */
  readonly taking: boolean
  /** Calls that are in no file yet. */
  readonly waiting: number
  /** What waits is put, or is left for the next process, within so long. Never rejects. */
  close(withinMs: number): Promise<void>
}

/** So many calls in one transaction, and so long is waited for more. */
const MAX_BATCH = 200
const GATHER_MS = 250
const PUT_LIMIT_MS = 10_000
/** What may be in memory; what is beyond goes to the outbox at once. */
const MAX_WAITING = 2000

interface WriterParts {
  readonly store: Pick<CallStore, 'put'>
  readonly outbox: Pick<Outbox<StoredCall>, 'put' | 'written'>
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
  /** `taking` has changed. */
  readonly onTaking: () => void
}

interface Waiting {
  readonly call: StoredCall
  readonly settle: (isSafe: boolean) => void
}

export function createStoreWriter(parts: WriterParts): StoreWriter {
  const { outbox, clock, log, metrics } = parts
  const taking = createTaking(parts)
  let waiting: Waiting[] = []
  let writing: Promise<void> | undefined
  let cancel: (() => void) | undefined
  let closed = false

  function put(call: StoredCall): Promise<boolean> {
    return new Promise((settle) => {
      if (closed || waiting.length >= MAX_WAITING) return leave([{ call, settle }])
      waiting.push({ call, settle })
      metrics.gauge('store_waiting_calls', waiting.length)
      schedule()
    })
  }

  function schedule(): void {
    if (writing !== undefined || cancel !== undefined || waiting.length === 0) return
    cancel = clock.after(GATHER_MS, start)
  }

  function start(): void {
    cancel = undefined
    writing = write().finally(() => {
      writing = undefined
      if (!closed) schedule()
    })
  }

  async function write(): Promise<void> {
    const batch = waiting.splice(0, MAX_BATCH)
    metrics.gauge('store_waiting_calls', waiting.length)
    try {
      await putBatch(
        batch.map(({ call }) => call),
        parts,
      )
      for (const { settle } of batch) settle(true)
      taking.back()
    } catch (error) {
      metrics.count('store_batches_failed_total')
      taking.away(error)
      leave(batch)
    }
  }

  function leave(some: readonly Waiting[]): void {
    const taken = some.filter(({ call, settle }) => {
      if (outbox.put(call)) return true
      metrics.count('store_calls_lost_total')
      settle(false)
      return false
    })
    if (taken.length > 0) void outbox.written().then(() => taken.forEach(({ settle }) => settle(true)))
  }

  return {
    put,
    away: taking.away,
    back: taking.back,
    get taking() {
      return taking.is
    },
    get waiting() {
      return waiting.length
    },
    async close(withinMs) {
      cancel?.()
      cancel = undefined
      const endMs = clock.nowMs() + withinMs
      const flush = async (): Promise<void> => {
        await writing
        while (waiting.length > 0 && clock.nowMs() < endMs && taking.is) await write()
      }
      let late = false
      await withDeadline(clock, withinMs, 'the last calls', flush()).catch(() => (late = true))
      closed = true
      // What is on its way comes twice, perhaps: that does no harm.
      const rest = waiting
      waiting = []
      leave(rest)
      if (late || rest.length > 0) log.warn({ calls: rest.length }, 'HISTORY: calls wait for the next start')
    },
  }
}

/** Whether the store takes calls. Told once as it goes, and once as it comes back. */
function createTaking({ log, onTaking }: Pick<WriterParts, 'log' | 'onTaking'>) {
  let is = true
  return {
    get is() {
      return is
    },
    away(error: unknown): void {
      if (!is) return
      is = false
      log.error({ error: messageOf(error) }, 'HISTORY: the store takes no calls, they wait in the outbox')
      onTaking()
    },
    back(): void {
      if (is) return
      is = true
      log.info({}, 'HISTORY: the store takes calls again')
      onTaking()
    },
  }
}

/** One that no store would take costs no other of its batch. */
async function putBatch(batch: readonly StoredCall[], parts: WriterParts): Promise<void> {
  const { store, clock, log, metrics } = parts
  if (batch.length === 0) return
  const startMs = clock.nowMs()
  try {
    await withDeadline(
      clock,
      PUT_LIMIT_MS,
      'an answer of the store',
      attempt(() => store.put(batch)),
    )
    metrics.count('store_calls_written_total', batch.length)
    metrics.observe('store_put_ms', clock.nowMs() - startMs)
  } catch (error) {
    if (!isUnfit(error)) throw error
    if (batch.length > 1) for (const call of batch) await putBatch([call], parts)
    else {
      metrics.count('store_calls_refused_total')
      log.error({ call: batch[0]!.id, error: messageOf(error) }, 'HISTORY: the store will not take a call')
    }
  }
}

/** The same again would fail again. */
export function isUnfit(error: unknown): boolean {
  return isProviderError(error) && (error.class === 'bad-data' || error.class === 'bad-request')
}
