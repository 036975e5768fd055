import type { FleetCall } from '@kav/core'
import { CallCounts, type FleetWatchers } from '@kav/core/kit'
import type { StoredCall } from './wire.ts'

interface Entry extends StoredCall {
  /** Which session has told of it last. */
  readonly session: number
}

interface NodeCalls {
  heard: boolean
  /** It has shown that it lives: its calls are told. What a bucket holds when one joins may be of nodes long dead. */
  told: boolean
  readonly ids: Set<string>
}

/**
 * The calls of the fleet as this node has heard of them. Those of a node that is not heard are kept and not shown: it
 * may only be cut off.
 */
export class CallTable {
  readonly #watchers: FleetWatchers
  readonly #entries = new Map<string, Entry>()
  readonly #nodes = new Map<string, NodeCalls>()
  readonly #counts = new CallCounts()
  #running = 0

  constructor(watchers: FleetWatchers) {
    this.#watchers = watchers
  }

  /** Of the calls that are shown. */
  get counts(): CallCounts {
    return this.#counts
  }

  get running(): number {
    return this.#running
  }

  shown(): FleetCall[] {
    const calls: FleetCall[] = []
    for (const entry of this.#entries.values()) if (this.#isShown(entry)) calls.push(entry.call)
    return calls
  }

  /** Also of a node that is not heard; `heard` tells. */
  get(callId: string): (StoredCall & { readonly heard: boolean }) | undefined {
    const entry = this.#entries.get(callId)
    return entry && { call: entry.call, owner: entry.owner, heard: this.#isShown(entry) }
  }

  put(stored: StoredCall, session: number): void {
    const before = this.#entries.get(stored.call.id)
    const shownBefore = this.#hide(before)
    const entry = { ...stored, session }
    this.#entries.set(stored.call.id, entry)
    this.#nodeOf(stored.owner).ids.add(stored.call.id)
    this.#watchers.tellChange(shownBefore, this.#show(entry))
  }

  /** The call is over; `owner`: only if it is still this one's. */
  remove(callId: string, owner?: string): void {
    const entry = this.#entries.get(callId)
    if (entry === undefined || (owner !== undefined && entry.owner !== owner)) return
    const shownBefore = this.#hide(entry)
    this.#entries.delete(callId)
    this.#watchers.tellChange(shownBefore, undefined)
  }

  /** A node shows that it lives: its calls are told from now on. */
  prove(owner: string): void {
    const node = this.#nodeOf(owner)
    if (node.told) return
    node.told = true
    if (!node.heard) return
    for (const id of node.ids) this.#watchers.tellChange(undefined, this.#entries.get(id)!.call)
  }

  /** A node is not heard any more. Returns how many running calls are lost with it. */
  lose(owner: string): number {
    return this.#setHeard(owner, false)
  }

  /** A node is heard again. */
  find(owner: string): void {
    this.#setHeard(owner, true)
  }

  /** What a node is known to run is all told by this session: the rest of it has ended. */
  sweep(owner: string, session: number): void {
    for (const id of [...(this.#nodes.get(owner)?.ids ?? [])]) {
      if (this.#entries.get(id)!.session < session) this.remove(id)
    }
  }

  /** A node that was lost will not come again. */
  forget(owner: string): void {
    for (const id of this.#nodes.get(owner)?.ids ?? []) this.remove(id)
    this.#nodes.delete(owner)
  }

  #setHeard(owner: string, heard: boolean): number {
    const node = this.#nodeOf(owner)
    if (node.heard === heard) return 0
    const calls = [...node.ids].map((id) => this.#entries.get(id)!)
    if (!heard) for (const entry of calls) this.#hide(entry, false)
    node.heard = heard
    if (heard) for (const entry of calls) this.#show(entry)
    const running = node.told ? calls.filter(({ call }) => call.state === 'running') : []
    for (const { call } of running) this.#watchers.tell(heard ? 'found' : 'lost', call)
    return running.length
  }

  #nodeOf(owner: string): NodeCalls {
    const node = this.#nodes.get(owner) ?? { heard: true, told: false, ids: new Set() }
    this.#nodes.set(owner, node)
    return node
  }

  #isShown({ owner }: Entry): boolean {
    return this.#nodes.get(owner)?.heard === true
  }

  /** Counts an entry. Returns its call if watchers know of it. */
  #show(entry: Entry): FleetCall | undefined {
    if (!this.#isShown(entry)) return undefined
    this.#counts.add(entry.call)
    if (entry.call.state === 'running') this.#running++
    return this.#told(entry)
  }

  /** Takes an entry out of the counts, and off its node's list. Returns its call if watchers knew of it. */
  #hide(entry: Entry | undefined, offList = true): FleetCall | undefined {
    if (entry === undefined) return undefined
    const shown = this.#isShown(entry)
    if (offList) this.#nodes.get(entry.owner)?.ids.delete(entry.call.id)
    if (!shown) return undefined
    this.#counts.remove(entry.call)
    if (entry.call.state === 'running') this.#running--
    return this.#told(entry)
  }

  #told({ owner, call }: Entry): FleetCall | undefined {
    return this.#nodes.get(owner)?.told === true ? call : undefined
  }
}
