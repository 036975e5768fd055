/** Beats of its own that a node hears after another's last one before it holds that one for lost. */
export const LOST_AFTER_BEATS = 4
/** … and before it forgets what that one ran: by then the server has let go of it, too. */
const FORGOTTEN_AFTER_BEATS = 660

interface Lease {
  /** Own beats heard since its last. */
  missed: number
  /** Whether all that it runs was written before its last beat. */
  complete: boolean
}

export interface LeaseListener {
  /** It was heard, and is not any more. */
  onLost(owner: string): void
  /** It was heard, and has said that it ends. */
  onLeft(owner: string): void
  onFound(owner: string): void
  onForgotten(owner: string): void
}

/**
 * Which other nodes are there, told by their beats between this node's own, in the order in which the server has all
 * of them. No clock is in it: a server that stands still, a connection that hangs or a process that was stopped delays
 * the own beats too, and so loses nobody.
 */
export class NodeLeases {
  readonly #listener: LeaseListener
  readonly #leases = new Map<string, Lease>()

  constructor(listener: LeaseListener) {
    this.#listener = listener
  }

  get heard(): number {
    let heard = 0
    for (const lease of this.#leases.values()) if (!isLost(lease)) heard++
    return heard
  }

  /** A node whose call was told; its beat may come later. */
  known(owner: string): void {
    if (!this.#leases.has(owner)) this.#leases.set(owner, { missed: 0, complete: false })
  }

  beat(owner: string, complete: boolean): void {
    const before = this.#leases.get(owner)
    this.#leases.set(owner, { missed: 0, complete })
    if (before !== undefined && isLost(before)) this.#listener.onFound(owner)
  }

  /** The node says that it ends. */
  left(owner: string): void {
    const lease = this.#leases.get(owner)
    if (lease === undefined) return
    this.#leases.delete(owner)
    if (!isLost(lease)) this.#listener.onLeft(owner)
    this.#listener.onForgotten(owner)
  }

  /** A beat of this node's own came round. */
  ownBeat(): void {
    for (const [owner, lease] of this.#leases) {
      lease.missed++
      if (lease.missed === LOST_AFTER_BEATS) this.#listener.onLost(owner)
      if (lease.missed < FORGOTTEN_AFTER_BEATS) continue
      this.#leases.delete(owner)
      this.#listener.onForgotten(owner)
    }
  }

  /** A new session: who was heard is given his time again, and nobody has told all yet. */
  restart(): void {
    for (const lease of this.#leases.values()) {
      lease.complete = false
      if (!isLost(lease)) lease.missed = 0
    }
  }

  /** Nodes that have told all they run. */
  *complete(): Iterable<string> {
    for (const [owner, { complete }] of this.#leases) if (complete) yield owner
  }
}

function isLost({ missed }: Lease): boolean {
  return missed >= LOST_AFTER_BEATS
}
