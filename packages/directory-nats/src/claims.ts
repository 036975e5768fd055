import type { Awaitable, FleetLimits, FleetPlace, FleetRefusal, FleetCallOffer } from '@kav/core'
import { CallCounts, createDeferred, type Deferred, type OwnCalls, refusalBy } from '@kav/core/kit'
import { type AskParts, askFleet } from './ask.ts'
import type { CallTable } from './call-table.ts'
import { entryKey } from './names.ts'
import type { NodeLeases } from './node-leases.ts'
import { encode } from './wire.ts'

type Decision = FleetPlace | FleetRefusal

interface Pending {
  readonly call: FleetCallOffer
  readonly limits: FleetLimits
  /** Settled when the server's order has come to the claim. */
  readonly ordered: Deferred<Decision>
  readonly decision: Promise<Decision>
}

export interface ClaimsParts extends AskParts {
  readonly node: string
  readonly owner: string
  readonly own: OwnCalls
  readonly table: CallTable
  readonly leases: NodeLeases
}

/** The call is up at another node: there is nothing to hold here. */
const HELD_ELSEWHERE: FleetPlace = { running: () => undefined, release: () => undefined }

/**
 * Places within the limits of the fleet.
 *
 * A claim is written to the bucket like any promised call, and judged when it comes back: the server has put all
 * claims of all nodes in one order, and before each stand the same calls for every node. Of two claims for the last
 * place one stands first; no count is shared, so none can be wrong.
 */
export class Claims {
  readonly #parts: ClaimsParts
  readonly #pending = new Map<string, Pending>()
  /** What this node had when it last heard the fleet. */
  #heardWith = new CallCounts()

  constructor(parts: ClaimsParts) {
    this.#parts = parts
  }

  claim(call: FleetCallOffer, limits: FleetLimits): Awaitable<Decision> {
    const { own, owner, table } = this.#parts
    const again = own.again(call.id)
    if (again !== undefined) return again
    const known = table.get(call.id)
    if (known?.heard && known.owner !== owner && known.call.state === 'running') return HELD_ELSEWHERE
    const pending = this.#pending.get(call.id)
    if (pending !== undefined) return pending.decision
    // Nobody is asked for what is refused in any case: a flood of callers is none for the server.
    // One that another node has promised is in the count already.
    const refusal = known?.heard ? undefined : this.#refusal(call, limits)
    if (refusal !== undefined) return this.#refuse(refusal)
    return this.#ask(call, limits)
  }

  /** The server's order has come to a call of this node. */
  judge(callId: string): void {
    const pending = this.#pending.get(callId)
    if (pending === undefined) return
    this.#pending.delete(callId)
    const { own, table } = this.#parts
    const { call, limits, ordered } = pending
    // A claim that another node made for the same call is this one now.
    table.remove(callId)
    const refusal = this.#refusal(call, limits)
    ordered.resolve(refusal === undefined ? own.hold(call, 'promised') : this.#refuse(refusal))
  }

  /** Another node has the call that is claimed here. */
  judgeElsewhere(callId: string): void {
    const pending = this.#pending.get(callId)
    this.#pending.delete(callId)
    pending?.ordered.resolve(HELD_ELSEWHERE)
  }

  /** The fleet was heard: from here on is counted what this node takes without it. */
  heard(): void {
    this.#heardWith = this.#parts.own.counts.copy()
  }

  #ask(call: FleetCallOffer, limits: FleetLimits): Awaitable<Decision> {
    const ordered = createDeferred<Decision>()
    const decision = askFleet<Decision>(
      this.#parts,
      'claim',
      (session) => {
        session
          .put(entryKey('call', call.id), this.#promise(call))
          .catch((error: unknown) => ordered.reject(error))
        return ordered.promise
      },
      () => {
        this.#pending.delete(call.id)
        return this.#alone(call, limits)
      },
    )
    if (decision instanceof Promise) this.#pending.set(call.id, { call, limits, ordered, decision })
    return decision
  }

  #promise(call: FleetCallOffer): Uint8Array {
    const { node, owner, clock } = this.#parts
    return encode({ call: { ...call, node, state: 'promised', sinceMs: clock.wallMs() }, owner })
  }

  /** This node's share of the places that were free when it last heard the fleet. */
  #alone(call: FleetCallOffer, limits: FleetLimits): Decision {
    const { own, table, leases } = this.#parts
    const nodes = leases.heard + 1
    const refusal = refusalBy(call, limits, (limit, number) => {
      const heardWith = inUse(this.#heardWith, number)
      const now = inUse(own.counts, number)
      const free = limit - (inUse(table.counts, number) - now) - heardWith
      return now < heardWith + Math.max(0, Math.floor(free / nodes))
    })
    // What came in while it was asked for stays this node's.
    return refusal === undefined ? (own.again(call.id) ?? own.hold(call, 'promised')) : this.#refuse(refusal)
  }

  #refusal(call: FleetCallOffer, limits: FleetLimits): FleetRefusal | undefined {
    const { counts } = this.#parts.table
    return refusalBy(call, limits, (limit, number) => inUse(counts, number) < limit)
  }

  #refuse(refusal: FleetRefusal): FleetRefusal {
    this.#parts.metrics.count('directory_claims_refused_total', 1, { by: refusal.by })
    return refusal
  }
}

const inUse = (counts: CallCounts, number: string | undefined): number =>
  number === undefined ? counts.total : counts.of(number)
