import { type Logger, messageOf, type StoredCall } from '@kav/core'
import { withDeadline } from '@kav/core/kit'
import type { Outbox } from '../outbox/outbox.ts'
import { type BatchPutParts, createBatchPut } from './batch-put.ts'

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
  /** Why it takes nothing; `undefined` while it does. */
  readonly why: string | undefined
  /** Calls that are in no file yet. */
  readonly waiting: number
  /** From now on no answer of the store is waited for as long as before: the process is about to end. */
  hasten(): void
  /** What waits is put, what is on its way without an answer goes to the outbox, too, or is left for the next process, within so long. Never rejects. */
  close(withinMs: number): Promise<void>
}

/** So many calls in one transaction, and so long is waited for more. */
const MAX_BATCH = 200
const GATHER_MS = 250
/** What may be in memory; what is beyond goes to the outbox at once. */
const MAX_WAITING = 2000

interface WriterParts extends BatchPutParts {
  readonly outbox: Pick<Outbox<StoredCall>, 'put' | 'written' | 'isWritten'>
  /** `taking` has changed. */
  readonly onTaking: () => void
}

interface Waiting {
  readonly call: StoredCall
  readonly settle: (isSafe: boolean) => void
}

export function createStoreWriter(parts: WriterParts): StoreWriter {
  const { clock, log, metrics } = parts
  const taking = createTaking(parts)
  const batches = createBatchPut(parts)
  let waiting: Waiting[] = []
  /** On their way to the store. */
  let sent: readonly Waiting[] = []
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
    sent = batch
    try {
      await batches.put(batch.map(({ call }) => call))
      for (const { settle } of batch) settle(true)
      taking.back()
    } catch (error) {
      metrics.count('store_batches_failed_total')
      taking.away(error)
      if (!closed) leave(batch)
    } finally {
      sent = []
    }
  }

  const leave = (some: readonly Waiting[]): void => leaveWaiting(some, parts)

  return {
    put,
    // A store that is closed while it opens is not away.
    away: (error) => {
      if (!closed) taking.away(error)
    },
    back: taking.back,
    get taking() {
      return taking.is
    },
    get why() {
      return taking.why
    },
    get waiting() {
      return waiting.length
    },
    hasten: batches.hasten,
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
      const rest = [...sent, ...waiting]
      waiting = []
      leave(rest)
      if (late || rest.length > 0) log.warn({ calls: rest.length }, 'HISTORY: calls wait for the next start')
    },
  }
}

/** What has no room in the outbox either is counted, and not safe. */
function leaveWaiting(some: readonly Waiting[], { outbox, metrics }: WriterParts): void {
  const taken = some.filter(({ call, settle }) => {
    if (outbox.put(call)) return true
    metrics.count('store_calls_lost_total')
    settle(false)
    return false
  })
  if (taken.length === 0) return
  // A disk that takes nothing leaves them in memory.
  void outbox.written().then(() => taken.forEach(({ settle }) => settle(outbox.isWritten)))
}

/** Whether the store takes calls. Told once as it goes, and once as it comes back. */
function createTaking({ log, onTaking }: { readonly log: Logger; readonly onTaking: () => void }) {
  let is = true
  let why: string | undefined
  return {
    get is() {
      return is
    },
    get why() {
      return why
    },
    away(error: unknown): void {
      why = messageOf(error)
      if (!is) return
      is = false
      log.error({ error: why }, 'HISTORY: the store takes no calls, they wait in the outbox')
      onTaking()
    },
    back(): void {
      if (is) return
      is = true
      why = undefined
      log.info({}, 'HISTORY: the store takes calls again')
      onTaking()
    },
  }
}
