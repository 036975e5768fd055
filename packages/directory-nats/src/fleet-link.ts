import type { Clock, Logger, Metrics } from '@kav/core'
import { delay, settleWithin } from '@kav/core/kit'
import { reasonOf } from './directory-tls.ts'
import { entryKey } from './names.ts'
import { type BucketEntry, type FleetSession, openSession, type SessionOptions } from './session.ts'
import { encode, readBeat } from './wire.ts'

/** Time between the beats of a node. */
const BEAT_MS = 1000
/** A session whose beats do not come round for so many is over. */
const SILENT_AFTER_BEATS = 3
const RETRY_MIN_MS = 100
const RETRY_MAX_MS = 2000

/** The session that tells an entry. */
export interface ToldBy {
  /** Which bucket it is of, once that is known. */
  readonly bucket: string | undefined
  /** What was there at its beginning has all been told. */
  readonly ready: boolean
}

export interface LinkListener {
  /** Whether what this node runs was all sent before now. */
  isComplete(): boolean
  /** A session begins; it tells what is there. */
  onBegin(): void
  onEntry(entry: BucketEntry, told: ToldBy): void
  onRequest(request: Uint8Array, maxBytes: number): Promise<Uint8Array>
  /** All that was there when the session began has been told. */
  onReady(session: FleetSession): void
  /** This node hears nothing any more. */
  onLost(): void
  /** A beat came round. */
  onOwnBeat(session: FleetSession): void
}

export interface LinkOptions extends Omit<SessionOptions, 'owner'> {
  readonly owner: string
  readonly node: string
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

/** The way to the fleet: one session after the other, as long as the process lives. */
export class FleetLink {
  readonly #options: LinkOptions
  /** Where this node's beats stand. */
  readonly #key: string
  readonly #closing = new AbortController()
  #over = Promise.resolve()
  #session: FleetSession | undefined
  #ready = false
  /** Something was not answered in time since the last beat came round. */
  #doubtful = false
  #beat = { count: 0, cameRound: true, waited: 0, sentMs: 0 }

  constructor(options: LinkOptions) {
    this.#options = options
    this.#key = entryKey('node', options.owner)
  }

  /** Once: from now on it looks for the fleet. */
  open(listener: LinkListener): void {
    this.#over = this.#run(listener)
  }

  /** What can be asked and will likely answer; `undefined`: this node is on its own. */
  get session(): FleetSession | undefined {
    return this.#ready && !this.#doubtful ? this.#session : undefined
  }

  get isReady(): boolean {
    return this.#ready
  }

  /** Nobody waits for the server again until it has shown that it is there. */
  doubt(): void {
    this.#doubtful = true
  }

  /** Says good-bye and ends. */
  async close(): Promise<void> {
    // One that is not ready yet has sent its first beat: who has heard it would take this node for lost.
    const session = this.#session
    this.#closing.abort()
    this.#ready = false
    if (session !== undefined) await this.#leave(session)
    this.#session?.end('closed')
    await this.#over
  }

  async #leave(session: FleetSession): Promise<void> {
    const left = session.remove(this.#key)
    await settleWithin(this.#options.clock, BEAT_MS, left)
  }

  async #run(listener: LinkListener): Promise<void> {
    const { log, metrics } = this.#options
    let failures = 0
    for (;;) {
      const { reason, wasReady } = await this.#one(listener)
      if (this.#closing.signal.aborted) return
      metrics.count('directory_sessions_ended_total')
      if (wasReady) listener.onLost()
      if (wasReady || failures === 0) log.warn({ reason }, 'DIRECTORY: not reached, this node decides alone')
      failures = wasReady ? 1 : failures + 1
      // Each node has its own share of it, so that a server that comes back is not met by all at once.
      const waitMs = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(failures, 10))
      await delay(this.#options.clock, waitMs * (0.5 + Math.random() / 2), this.#closing.signal)
    }
  }

  /** One session, from its opening to its end. */
  async #one(listener: LinkListener): Promise<{ reason: string; wasReady: boolean }> {
    listener.onBegin()
    this.#beat = { ...this.#beat, cameRound: true, waited: 0 }
    try {
      const session = await openSession(this.#options, {
        onEntry: (entry) => this.#onEntry(entry, listener),
        onRequest: (request, maxBytes) => listener.onRequest(request, maxBytes),
      })
      this.#session = session
      if (this.#closing.signal.aborted) {
        session.end('closed')
        return { reason: 'closed', wasReady: false }
      }
      const stop = this.#keepBeating(session, listener)
      const reason = await session.ended
      stop()
      return { reason, wasReady: this.#ready }
    } catch (thrown) {
      return { reason: this.#withoutSecrets(reasonOf(thrown)), wasReady: false }
    } finally {
      this.#session = undefined
      this.#ready = false
    }
  }

  #keepBeating(session: FleetSession, listener: LinkListener): () => void {
    const { clock, metrics } = this.#options
    const beat = (): void => {
      // After its good-bye a node is silent.
      if (this.#closing.signal.aborted) return
      cancel = clock.after(BEAT_MS, beat)
      if (this.#beat.cameRound) return this.#sendBeat(session, listener)
      this.#doubtful = true
      this.#beat.waited++
      metrics.count('directory_beats_late_total')
      if (this.#beat.waited >= SILENT_AFTER_BEATS) session.end('silent')
    }
    this.#sendBeat(session, listener)
    let cancel = clock.after(BEAT_MS, beat)
    return () => cancel()
  }

  /** One at a time: when a server that stood still goes on, it has not many of one node to tell at once. */
  #sendBeat(session: FleetSession, listener: LinkListener): void {
    const { node, clock } = this.#options
    const count = this.#beat.count + 1
    this.#beat = { count, cameRound: false, waited: 0, sentMs: clock.nowMs() }
    const value = encode({
      node,
      count,
      bucket: session.bucket,
      complete: this.#ready && listener.isComplete(),
    })
    void session.put(this.#key, value).catch(() => undefined)
  }

  #onEntry(entry: BucketEntry, listener: LinkListener): void {
    const session = this.#session
    listener.onEntry(entry, { bucket: session?.bucket, ready: this.#ready })
    if (session === undefined || this.#closing.signal.aborted || entry.key !== this.#key) return
    const beat = entry.value && readBeat(entry.value)
    if (beat?.count !== this.#beat.count || this.#beat.cameRound) return
    const { clock, metrics, log } = this.#options
    this.#beat.cameRound = true
    this.#doubtful = false
    metrics.observe('directory_beat_ms', clock.nowMs() - this.#beat.sentMs)
    if (!this.#ready) {
      this.#ready = true
      log.info({ servers: this.#options.addresses.shown }, 'DIRECTORY: connected')
      listener.onReady(session)
    }
    listener.onOwnBeat(session)
  }

  #withoutSecrets(text: string): string {
    const { pass, token } = this.#options.addresses
    return [pass, token].reduce<string>(
      (shown, secret) => (secret ? shown.replaceAll(secret, '***') : shown),
      text,
    )
  }
}
