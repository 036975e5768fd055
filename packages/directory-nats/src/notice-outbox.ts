import type { Clock, FleetNotice, Metrics } from '@kav/core'
import { delay, noticeBytes, settleWithin } from '@kav/core/kit'
import type { FleetLink } from './fleet-link.ts'
import type { FleetNames } from './names.ts'

/** So many wait at most, and so many bytes: an hour of call records, or a few minutes of long ones. */
const MAX_WAITING = 10_000
const MAX_WAITING_BYTES = 16 << 20
const RETRY_MS = 1000
/** Head room for subject and headers in a message of the server's largest size. */
const HEADERS_BYTES = 1024

interface Waiting {
  readonly subject: string
  readonly id: string
  readonly body: Uint8Array
}

export interface NoticeOutboxParts {
  readonly link: FleetLink
  readonly names: FleetNames
  readonly clock: Clock
  readonly metrics: Metrics
}

/** Notices on their way to the stream: in order, each until the stream has said that it keeps it. */
export class NoticeOutbox {
  readonly #parts: NoticeOutboxParts
  readonly #waiting: Waiting[] = []
  readonly #closing = new AbortController()
  #bytes = 0
  /** While there is something to send. */
  #sending: Promise<void> | undefined

  constructor(parts: NoticeOutboxParts) {
    this.#parts = parts
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Whether there was room. What JSON cannot carry has none. */
  tell({ kind, id, body }: FleetNotice): boolean {
    const bytes = noticeBytes(body)
    const hasRoom = this.#waiting.length < MAX_WAITING && !this.#closing.signal.aborted
    if (bytes === undefined || !hasRoom || this.#bytes + bytes.byteLength > MAX_WAITING_BYTES) {
      this.#count('dropped')
      return false
    }
    this.#waiting.push({ subject: this.#parts.names.noticeSubject(kind), id, body: bytes })
    this.#bytes += bytes.byteLength
    this.#sending ??= this.#send().finally(() => (this.#sending = undefined))
    return true
  }

  /** Resolves once all is kept, after `limitMs` at the latest; what is left then is counted as dropped. */
  async close(limitMs: number): Promise<void> {
    if (this.#sending !== undefined) await settleWithin(this.#parts.clock, limitMs, this.#sending)
    this.#closing.abort()
    for (const _left of this.#waiting.splice(0)) this.#count('dropped')
  }

  async #send(): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const done = await this.#sendOne(next)
      if (this.#closing.signal.aborted) return
      if (!done) await delay(this.#parts.clock, RETRY_MS, this.#closing.signal)
      else if (this.#waiting.shift() !== undefined) this.#bytes -= next.body.byteLength
    }
  }

  /** Whether nothing more is to be done about it. */
  async #sendOne({ subject, id, body }: Waiting): Promise<boolean> {
    const { session } = this.#parts.link
    if (session === undefined) return false
    if (body.byteLength + HEADERS_BYTES > session.maxPayloadBytes) {
      this.#count('too-large')
      return true
    }
    try {
      await session.store(subject, body, id)
      this.#count('kept')
      return true
    } catch {
      this.#parts.metrics.count('directory_notices_retried_total')
      return false
    }
  }

  #count(outcome: 'kept' | 'dropped' | 'too-large'): void {
    this.#parts.metrics.count('directory_notices_total', 1, { outcome })
  }
}
