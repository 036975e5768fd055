import type { CallCount } from '@kav/core'
import type { CallNotice } from '../fleet/call-notice.ts'

/** How calls ended while this process runs: what is shown of past calls where no store keeps them. */
export interface OutcomeTally {
  add(ended: Pick<CallNotice, 'pipeline' | 'started_at' | 'ended_by'>): void
  /** As a store counts, but in quarters of an hour, of the last five weeks. */
  count(pipeline: string | undefined, bordersMs: readonly number[]): readonly CallCount[]
}

/** Hours and days of every time zone begin with one. */
const QUARTER_MS = 15 * 60_000
const MAX_QUARTERS = 35 * 24 * 4

interface Counted {
  readonly pipeline: string
  readonly outcome: string
  calls: number
}

/** By pipeline and outcome. */
type Quarter = Map<string, Counted>

export function createOutcomeTally(): OutcomeTally {
  const quarters = new Map<number, Quarter>()

  function forgetOldest(): void {
    if (quarters.size > MAX_QUARTERS) quarters.delete(Math.min(...quarters.keys()))
  }

  return {
    add({ pipeline, started_at: startedAt, ended_by: outcome }) {
      const at = Math.floor(Date.parse(startedAt) / QUARTER_MS) * QUARTER_MS
      if (Number.isNaN(at)) return
      const quarter: Quarter = quarters.get(at) ?? new Map<string, Counted>()
      quarters.set(at, quarter)
      const key = JSON.stringify([pipeline, outcome])
      const counted = quarter.get(key) ?? { pipeline, outcome, calls: 0 }
      counted.calls++
      quarter.set(key, counted)
      forgetOldest()
    },
    count: (pipeline, bordersMs) =>
      bordersMs.slice(1).flatMap((untilMs, span) => {
        const sums = new Map<string, number>()
        for (const [at, quarter] of quarters) {
          if (at < bordersMs[span]! || at >= untilMs) continue
          for (const one of quarter.values()) {
            if (pipeline !== undefined && one.pipeline !== pipeline) continue
            sums.set(one.outcome, (sums.get(one.outcome) ?? 0) + one.calls)
          }
        }
        return [...sums].map(([outcome, calls]) => ({ span, outcome, calls }))
      }),
  }
}
