import type { Clock } from '../../contracts/clock.ts'
import type { FleetCall, FleetPlace, FleetCallOffer } from '../../contracts/call-directory.ts'
import { CallCounts } from './call-counts.ts'

interface Held {
  readonly call: FleetCall
  /** Who may change it: the place that was given out last. */
  readonly place: FleetPlace
}

export interface OwnCallsParts {
  readonly node: string
  readonly clock: Clock
  /** A call of this node came, changed its state, or is gone. */
  readonly onChange: (before: FleetCall | undefined, after: FleetCall | undefined) => void
}

/** The calls that have a place on this node. */
export class OwnCalls {
  readonly #parts: OwnCallsParts
  readonly #held = new Map<string, Held>()
  readonly #counts = new CallCounts()
  #running = 0

  constructor(parts: OwnCallsParts) {
    this.#parts = parts
  }

  get counts(): CallCounts {
    return this.#counts
  }

  get running(): number {
    return this.#running
  }

  get(callId: string): FleetCall | undefined {
    return this.#held.get(callId)?.call
  }

  *[Symbol.iterator](): Iterator<FleetCall> {
    for (const { call } of this.#held.values()) yield call
  }

  /** Another place for a call that has one; the former is worth nothing then. */
  again(callId: string): FleetPlace | undefined {
    const call = this.get(callId)
    return call === undefined ? undefined : this.#hold(call)
  }

  /** A place in this state, whatever there was before. */
  hold(offered: FleetCallOffer, state: FleetCall['state']): FleetPlace {
    const { id, pipeline, number, direction } = offered
    const { node, clock } = this.#parts
    const before = this.get(id)
    return this.#hold({
      id,
      pipeline,
      ...(number !== undefined && { number }),
      ...(direction !== undefined && { direction }),
      node,
      state,
      sinceMs: before?.state === state ? before.sinceMs : clock.wallMs(),
    })
  }

  /** The call is not this node's any more. */
  drop(callId: string): void {
    this.#change(callId, undefined)
  }

  #hold(call: FleetCall): FleetPlace {
    const holds = (): boolean => this.#held.get(call.id)?.place === place
    const place: FleetPlace = {
      running: () => {
        if (holds() && this.get(call.id)?.state !== 'running') {
          const sinceMs = this.#parts.clock.wallMs()
          this.#change(call.id, { call: { ...call, state: 'running', sinceMs }, place })
        }
      },
      release: () => {
        if (holds()) this.drop(call.id)
      },
    }
    this.#change(call.id, { call, place })
    return place
  }

  #change(callId: string, after: Held | undefined): void {
    const before = this.#held.get(callId)?.call
    if (before !== undefined) this.#count(before, -1)
    if (after === undefined) this.#held.delete(callId)
    else {
      this.#held.set(callId, after)
      this.#count(after.call, 1)
    }
    if (before !== after?.call) this.#parts.onChange(before, after?.call)
  }

  #count(call: FleetCall, by: 1 | -1): void {
    if (by === 1) this.#counts.add(call)
    else this.#counts.remove(call)
    if (call.state === 'running') this.#running += by
  }
}
