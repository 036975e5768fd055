import { Worker } from 'node:worker_threads'
import type { Logger, Metrics } from '@kav/core'
import {
  ENTRY_SLOTS,
  type EntryKind,
  type FromTraceThread,
  type ToTraceThread,
  type TracesSettings,
} from './trace-messages.ts'

const THREAD_URL = new URL('../../dist/export/trace-thread.js', import.meta.url)

/** Takes what calls tell to the thread that makes spans of it. No call waits for that. */
export interface TraceLink {
  /** Never throws. What finds no room is lost, and counted. */
  tell(call: number, atMs: number, kind: EntryKind, fields: object | null, said: object | null): void
  /** Has all sent that waits, as long as it may; what is left then is lost, and counted. Never rejects. */
  close(limitMs: number): Promise<void>
}

export interface TraceLinkParts {
  readonly settings: TracesSettings
  readonly log: Logger
  readonly metrics: Metrics
  /** Tests have others. */
  readonly threadUrl?: URL | undefined
  readonly nowMs?: () => number
}

/** Written at once: a fifth of a ms. */
const BATCH_ENTRIES = 128
const BATCH_AFTER_MS = 200
/** Entries that the thread has not read; a span is made of two or three. */
const ENTRIES_A_SPAN = 4
/** A thread that dies sooner after its start is not followed before. */
const SOUND_AFTER_MS = 10_000
/** After its limit it still tells what it has not sent. */
const LAST_REPORT_MS = 200
const MAX_HEAP_MB = 128

/** The thread starts at once. One that dies is followed by another, which knows the calls that begin from then on. */
export function openTraceLink(parts: TraceLinkParts): TraceLink {
  return new Link(parts)
}

class Link implements TraceLink {
  readonly #parts: TraceLinkParts
  readonly #maxEntries: number
  #thread: Worker | undefined
  readonly #nowMs: () => number
  #startedMs = 0
  #batch: unknown[] = []
  #timer: NodeJS.Timeout | undefined
  /** Entries sent, and not read yet. */
  #unread = 0
  #spansWaiting = 0
  #closed = false
  #onClosed: () => void = () => undefined

  constructor(parts: TraceLinkParts) {
    this.#parts = parts
    this.#nowMs = parts.nowMs ?? (() => performance.now())
    this.#maxEntries = parts.settings.queue.maxSpans * ENTRIES_A_SPAN
    this.#thread = this.#start()
  }

  tell(call: number, atMs: number, kind: EntryKind, fields: object | null, said: object | null): void {
    const batch = this.#batch
    if (this.#closed) return this.#lost('shutdown', 1)
    // Without its beginning a call is none, and without its end it is kept for ever; each is but one a call.
    const isEvent = kind !== 'begin' && kind !== 'over'
    if (isEvent && this.#unread + batch.length / ENTRY_SLOTS >= this.#maxEntries)
      return this.#lost('queue_full', 1)
    batch.push(call, atMs, kind, fields, said)
    if (batch.length >= BATCH_ENTRIES * ENTRY_SLOTS) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), BATCH_AFTER_MS).unref()
  }

  async close(limitMs: number): Promise<void> {
    if (this.#closed) return
    this.#flush()
    this.#closed = true
    let timer: NodeJS.Timeout | undefined
    const thread = this.#thread
    await new Promise<void>((resolve) => {
      this.#onClosed = resolve
      timer = setTimeout(resolve, limitMs + LAST_REPORT_MS)
      thread?.ref()
      if (thread) this.#post({ kind: 'close', limitMs })
      else resolve()
    })
    clearTimeout(timer)
    this.#thread = undefined
    await thread?.terminate()
    this.#lost('shutdown', this.#unread)
    if (this.#spansWaiting > 0)
      this.#parts.metrics.count('trace_spans_lost_total', this.#spansWaiting, { why: 'shutdown' })
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const batch = this.#batch
    const count = batch.length / ENTRY_SLOTS
    if (count === 0) return
    this.#batch = []
    if (this.#thread === undefined && this.#nowMs() - this.#startedMs > SOUND_AFTER_MS) this.#startAgain()
    if (this.#thread === undefined) return this.#lost('thread', count)
    const { entries, unwritten } = textOf(batch)
    this.#lost('unreadable', unwritten)
    this.#unread += count - unwritten
    this.#post({ kind: 'batch', entries })
  }

  #post(message: ToTraceThread): void {
    this.#thread?.postMessage(message)
  }

  /** Where no thread is to be had it is tried again later: what a call tells never throws. */
  #startAgain(): void {
    try {
      this.#thread = this.#start()
    } catch (error) {
      this.#parts.log.error({ error }, 'TRACES: there is no thread for them')
    }
  }

  #start(): Worker {
    const { settings, log, threadUrl } = this.#parts
    this.#startedMs = this.#nowMs()
    const thread = new Worker(threadUrl ?? THREAD_URL, {
      workerData: settings,
      name: 'kav-traces',
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    })
    thread.unref()
    let error: unknown
    thread.on('message', (report: FromTraceThread) => this.#heard(report))
    thread.on('error', (thrown) => (error = thrown))
    thread.on('exit', () => {
      if (this.#thread !== thread) return
      this.#thread = undefined
      log.error({ error }, 'TRACES: their thread ended')
      this.#lost('thread', this.#unread)
      if (this.#spansWaiting > 0)
        this.#parts.metrics.count('trace_spans_lost_total', this.#spansWaiting, { why: 'thread' })
      this.#unread = this.#spansWaiting = 0
      this.#onClosed()
    })
    return thread
  }

  #heard({ read, waiting, counts, lines, closed }: FromTraceThread): void {
    const { log, metrics } = this.#parts
    this.#unread -= read
    this.#spansWaiting = waiting
    for (const [name, by, labels] of counts) metrics.count(name, by, labels)
    for (const { level, fields, message } of lines) log[level](fields, message)
    if (closed) this.#onClosed()
  }

  #lost(why: 'queue_full' | 'unreadable' | 'thread' | 'shutdown', entries: number): void {
    if (entries > 0) this.#parts.metrics.count('trace_events_lost_total', entries, { why })
  }
}

/** A field of an event may be what JSON has no word for: a plugin in JavaScript gives what it likes. */
function textOf(batch: readonly unknown[]): { readonly entries: string; readonly unwritten: number } {
  try {
    return { entries: JSON.stringify(batch), unwritten: 0 }
  } catch {
    const texts: string[] = []
    for (let at = 0; at < batch.length; at += ENTRY_SLOTS) {
      try {
        texts.push(JSON.stringify(batch.slice(at, at + ENTRY_SLOTS)).slice(1, -1))
      } catch {
        // Counted by whoever asks.
      }
    }
    return { entries: `[${texts.join()}]`, unwritten: batch.length / ENTRY_SLOTS - texts.length }
  }
}
