import type { Clock, FleetCall, Metrics } from '@kav/core'
import { type OwnCalls, settleWithin } from '@kav/core/kit'
import { entryKey } from './names.ts'
import type { FleetSession } from './session.ts'
import { encode } from './wire.ts'

/** Well before the server lets go of it (`KEPT_MS`). */
const WRITTEN_AGAIN_MS = 240_000
const MAX_AT_ONCE = 256

interface Written {
  readonly revision: number
  readonly state: FleetCall['state']
  readonly atMs: number
}

export interface OwnWriterParts {
  readonly owner: string
  readonly own: OwnCalls
  readonly clock: Clock
  readonly metrics: Metrics
}

/**
 * Makes the bucket say what runs here. It compares what is with what was written and writes the difference, so a write
 * that failed, a bucket that was emptied and a connection that broke are one case: it is compared again.
 */
export class OwnWriter {
  readonly #parts: OwnWriterParts
  readonly #written = new Map<string, Written>()
  readonly #due = new Set<string>()
  readonly #busy = new Set<string>()
  #session: FleetSession | undefined
  #onIdle = (): void => undefined

  constructor(parts: OwnWriterParts) {
    this.#parts = parts
  }

  /** Every difference that is known is on its way. */
  get isAllSent(): boolean {
    return this.#due.size === 0
  }

  /** A new session: what is written there it will tell. */
  begin(): void {
    this.#session = undefined
    this.#written.clear()
  }

  /** The session has told all that is there: from now on this node writes. */
  attach(session: FleetSession): void {
    this.#session = session
    for (const { id } of this.#parts.own) this.#due.add(id)
    for (const id of this.#written.keys()) this.#due.add(id)
    this.#pump()
  }

  /** A call of this node came, changed or went. */
  touch(callId: string): void {
    this.#due.add(callId)
    this.#pump()
  }

  /** The bucket says this of a call of this node's. What follows from it is for `touch`. */
  told(callId: string, revision: number, state: FleetCall['state']): void {
    if ((this.#written.get(callId)?.revision ?? 0) < revision)
      this.#written.set(callId, { revision, state, atMs: this.#parts.clock.nowMs() })
  }

  /** The bucket has the call of nobody, or of another node. */
  toldGone(callId: string, revision: number): void {
    if ((this.#written.get(callId)?.revision ?? 0) < revision) this.#written.delete(callId)
  }

  /** Now and then: what failed is tried again, what is old is written again. */
  tick(): void {
    const oldMs = this.#parts.clock.nowMs() - WRITTEN_AGAIN_MS
    for (const [id, { atMs }] of this.#written) if (atMs < oldMs) this.#due.add(id)
    this.#pump()
  }

  /** Resolves once nothing is left to write, after `limitMs` at the latest; at once where nothing can be written. */
  async settled(limitMs: number): Promise<void> {
    if (this.#session === undefined || this.#isIdle) return
    const idle = new Promise<void>((resolve) => (this.#onIdle = resolve))
    await settleWithin(this.#parts.clock, limitMs, idle)
  }

  get #isIdle(): boolean {
    return this.#due.size === 0 && this.#busy.size === 0
  }

  #pump(): void {
    const session = this.#session
    if (session === undefined) return
    for (const id of this.#due) {
      if (this.#busy.size >= MAX_AT_ONCE) return
      if (this.#busy.has(id)) continue
      this.#due.delete(id)
      this.#busy.add(id)
      void this.#write(session, id).then(
        () => this.#done(id),
        // The next tick tries again: a server that refuses must not be asked without a pause.
        () => {
          this.#parts.metrics.count('directory_writes_failed_total')
          this.#busy.delete(id)
          this.#due.add(id)
        },
      )
    }
  }

  #done(id: string): void {
    this.#busy.delete(id)
    if (this.#due.size > 0) this.#pump()
    if (this.#isIdle) this.#onIdle()
  }

  async #write(session: FleetSession, id: string): Promise<void> {
    const { own, owner, clock } = this.#parts
    const call = own.get(id)
    const written = this.#written.get(id)
    const key = entryKey('call', id)
    const atMs = clock.nowMs()
    if (call !== undefined) {
      if (written?.state === call.state && atMs - written.atMs <= WRITTEN_AGAIN_MS) return
      const revision = await session.put(key, encode({ call, owner }))
      if (revision !== undefined && session === this.#session)
        this.#written.set(id, { revision, state: call.state, atMs })
    } else if (written !== undefined) {
      await session.remove(key, written.revision)
      if (this.#written.get(id)?.revision === written.revision) this.#written.delete(id)
    }
  }
}
