export interface BurnWindow {
  /** The label `window`. */
  readonly name: string
  readonly ms: number
}

/** Those in which the alerts that wake somebody look ([objectives](operating.md#objectives)). */
export const BURN_WINDOWS: readonly BurnWindow[] = [
  { name: '5m', ms: 5 * 60_000 },
  { name: '1h', ms: 60 * 60_000 },
  { name: '6h', ms: 6 * 60 * 60_000 },
]

const BUCKET_MS = 30_000
const BUCKETS = Math.max(...BURN_WINDOWS.map(({ ms }) => ms)) / BUCKET_MS

/** What was counted of one objective in the last hours, by half minutes. Its size is fixed, and nothing in it ticks. */
export class BurnMeter {
  readonly #events = new Float64Array(BUCKETS)
  readonly #bad = new Float64Array(BUCKETS)
  /** Number of the newest half minute. */
  #newest: number

  constructor(nowMs: number) {
    this.#newest = Math.floor(nowMs / BUCKET_MS)
  }

  add(nowMs: number, events: number, bad: number): void {
    this.#goOn(nowMs)
    const at = this.#newest % BUCKETS
    this.#events[at]! += events
    this.#bad[at]! += bad
  }

  /** Of a window up to now, to the half minute. */
  over(nowMs: number, windowMs: number): { readonly events: number; readonly bad: number } {
    this.#goOn(nowMs)
    let [events, bad] = [0, 0]
    for (let back = 0; back < windowMs / BUCKET_MS; back++) {
      const at = (this.#newest - back + BUCKETS) % BUCKETS
      events += this.#events[at]!
      bad += this.#bad[at]!
    }
    return { events, bad }
  }

  /** What is older than all windows is forgotten. */
  #goOn(nowMs: number): void {
    const now = Math.floor(nowMs / BUCKET_MS)
    const passed = Math.min(now - this.#newest, BUCKETS)
    for (let next = 1; next <= passed; next++) {
      const at = (this.#newest + next) % BUCKETS
      this.#events[at] = this.#bad[at] = 0
    }
    if (passed > 0) this.#newest = now
  }
}
