import type { Clock, Metrics } from '@kav/core'
import { BURN_WINDOWS, BurnMeter } from './burn-meter.ts'
import type { Objective } from './objectives.ts'

/** How fast the error budgets of a process's pipelines are used up, as gauges. One timer for all, none without `slo`. */
export interface BurnBook {
  /** Of one objective: counts for it. The same one goes on where a file is read anew and promises the same. */
  of(pipeline: string, objective: Objective): (events: number, bad: number) => void
  close(): void
}

interface Watched {
  readonly meter: BurnMeter
  readonly pipeline: string
  readonly objective: Objective
}

const TELL_EVERY_MS = 10_000

export function createBurnBook({ clock, metrics }: { clock: Clock; metrics: Metrics }): BurnBook {
  const watched = new Map<string, Watched>()
  let cancel: (() => void) | undefined

  function tellAll(): void {
    for (const one of watched.values()) tell(one, clock.nowMs(), metrics)
  }
  function tick(): void {
    tellAll()
    cancel = clock.after(TELL_EVERY_MS, tick)
  }

  return {
    of(pipeline, objective) {
      const key = JSON.stringify([pipeline, objective.name])
      const before = watched.get(key)
      const known = before?.objective.target === objective.target ? before : undefined
      const one = known ?? { meter: new BurnMeter(clock.nowMs()), pipeline, objective }
      watched.set(key, one)
      tell(one, clock.nowMs(), metrics)
      cancel ??= clock.after(TELL_EVERY_MS, tick)
      return (events, bad) => one.meter.add(clock.nowMs(), events, bad)
    },
    close() {
      cancel?.()
    },
  }
}

function tell({ meter, pipeline, objective }: Watched, nowMs: number, metrics: Metrics): void {
  for (const { name: window, ms } of BURN_WINDOWS) {
    const labels = { pipeline, slo: objective.name, window }
    const { events, bad } = meter.over(nowMs, ms)
    metrics.gauge('slo_window_events', events, labels)
    metrics.gauge('slo_window_bad', bad, labels)
    // Of what is not allowed at all there is no budget.
    if (objective.allowed > 0)
      metrics.gauge('slo_burn_rate', burnRate(events, bad, objective.allowed), labels)
  }
}

/** 1: as fast as the objective allows. Where nothing was counted nothing is used up. */
export function burnRate(events: number, bad: number, allowed: number): number {
  return events === 0 ? 0 : bad / events / allowed
}
