/** Who sets a gauge: one life of a pipeline, from the reading of its file to the end of its last call. */
export type GaugeOwner = object

/** Gauges that count things, which two lives of a pipeline have together; of all others the last word holds. */
const COUNTS = /^(active|promised)_calls$|_(connections|streams_open)$|^slo_window_(events|bad)$/

export function isCount(gauge: string): boolean {
  return COUNTS.test(gauge)
}

interface Shared {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly values: Map<GaugeOwner, number>
}

/**
 * One gauge, several owners: while calls end on a file that was replaced, the new one counts its own beside them, and
 * what is said of providers is said by the new one alone.
 */
export class GaugeShares {
  readonly #shared = new Map<string, Shared>()
  readonly #leaving = new WeakSet<GaugeOwner>()
  readonly #set: (name: string, value: number, labels: Shared['labels']) => void
  readonly #remove: (name: string, labels: Shared['labels']) => void

  constructor(
    set: (name: string, value: number, labels: Shared['labels']) => void,
    remove: (name: string, labels: Shared['labels']) => void,
  ) {
    this.#set = set
    this.#remove = remove
  }

  tell(owner: GaugeOwner, name: string, value: number, labels: Shared['labels']): void {
    const summed = isCount(name)
    if (!summed && this.#leaving.has(owner)) return
    const key = `${name} ${JSON.stringify(labels)}`
    const shared = this.#shared.get(key) ?? { name, labels, values: new Map<GaugeOwner, number>() }
    this.#shared.set(key, shared)
    shared.values.set(owner, value)
    this.#set(name, summed ? sum(shared.values) : value, labels)
  }

  /** What the owner still says is of its last calls only. */
  leave(owner: GaugeOwner): void {
    this.#leaving.add(owner)
    this.#withdraw(owner, ({ name }) => !isCount(name))
  }

  /** Nothing is left of the owner. */
  close(owner: GaugeOwner): void {
    this.leave(owner)
    this.#withdraw(owner, () => true)
  }

  #withdraw(owner: GaugeOwner, which: (shared: Shared) => boolean): void {
    for (const [key, shared] of this.#shared) {
      if (!which(shared) || !shared.values.delete(owner)) continue
      const { name, labels, values } = shared
      if (values.size === 0) {
        this.#shared.delete(key)
        this.#remove(name, labels)
      } else if (isCount(name)) this.#set(name, sum(values), labels)
    }
  }
}

function sum(values: ReadonlyMap<GaugeOwner, number>): number {
  let total = 0
  for (const value of values.values()) total += value
  return total
}
