import type { FleetCall, Logger, Metrics } from '@kav/core'
import type { OwnCalls } from '@kav/core/kit'
import type { CallTable } from './call-table.ts'
import type { Claims } from './claims.ts'
import { parseKey } from './names.ts'
import type { ToldBy } from './fleet-link.ts'
import type { NodeLeases } from './node-leases.ts'
import type { OwnWriter } from './own-writer.ts'
import type { Paces } from './paces.ts'
import type { BucketEntry, FleetSession } from './session.ts'
import { readBeat, readCall } from './wire.ts'

export interface FleetViewParts {
  readonly owner: string
  readonly own: OwnCalls
  readonly table: CallTable
  readonly leases: NodeLeases
  readonly writer: OwnWriter
  readonly claims: Claims
  readonly paces: Paces
  readonly log: Logger
  readonly metrics: Metrics
}

/** What follows from each entry of the bucket, in the server's order. */
export class FleetView {
  readonly #parts: FleetViewParts
  /** Sessions there have been: what an older one told may be over. */
  #sessions = 0

  constructor(parts: FleetViewParts) {
    this.#parts = parts
  }

  /** A session begins, and tells all that is there. */
  begin(): void {
    const { leases, writer, paces } = this.#parts
    this.#sessions++
    leases.restart()
    writer.begin()
    paces.begin()
  }

  /** It has told all that was there. */
  ready(session: FleetSession): void {
    const { leases, table, writer } = this.#parts
    for (const owner of leases.complete()) table.sweep(owner, this.#sessions)
    writer.attach(session)
  }

  entry(entry: BucketEntry, told: ToldBy): void {
    const key = parseKey(entry.key)
    if (key === undefined) return
    if (key.kind === 'call') this.#call(key.name, entry, told)
    else if (key.kind === 'pace') this.#parts.paces.told(key.name, entry)
    else if (key.name !== this.#parts.owner) this.#beat(key.name, entry, told)
  }

  #beat(owner: string, { value }: BucketEntry, { bucket, ready }: ToldBy): void {
    const { leases, table } = this.#parts
    if (value === undefined) return leases.left(owner)
    const beat = readBeat(value)
    if (beat === undefined) return this.#unreadable()
    // Of a bucket that is gone it says nothing about this one.
    const complete = beat.complete && (bucket === undefined || beat.bucket === bucket)
    leases.beat(owner, complete)
    if (ready) table.prove(owner)
    if (ready && complete) table.sweep(owner, this.#sessions)
  }

  #call(id: string, { revision, value }: BucketEntry, { ready }: ToldBy): void {
    const { owner, own, table, leases, writer, claims } = this.#parts
    if (value === undefined) return this.#gone(id, revision)
    const stored = readCall(id, value)
    if (stored === undefined) return this.#unreadable()
    if (stored.owner === owner) {
      writer.told(id, revision, stored.call.state)
      claims.judge(id)
      if (own.get(id)?.state !== stored.call.state) writer.touch(id)
      return
    }
    leases.known(stored.owner)
    writer.toldGone(id, revision)
    const mine = own.get(id)
    if (mine?.state === 'running') return this.#contested(stored.call)
    // It came to the other node.
    own.drop(id)
    claims.judgeElsewhere(id)
    if (ready) table.prove(stored.owner)
    table.put(stored, this.#sessions)
  }

  #gone(id: string, revision: number): void {
    const { owner, own, table, writer } = this.#parts
    writer.toldGone(id, revision)
    if (own.get(id) !== undefined) writer.touch(id)
    else if (table.get(id)?.owner !== owner) table.remove(id)
  }

  /** A call that runs here is another's, by the bucket: promised before it came here, or up twice. */
  #contested({ id, state, node }: FleetCall): void {
    const { writer, log, metrics } = this.#parts
    if (state === 'promised') return writer.touch(id)
    // Whoever wrote last has it there: two that write by turns would never end.
    metrics.count('directory_contested_calls_total')
    log.warn({ call: id, other: node }, 'DIRECTORY: a call runs on two nodes')
  }

  #unreadable(): void {
    this.#parts.metrics.count('directory_unreadable_entries_total')
  }
}
