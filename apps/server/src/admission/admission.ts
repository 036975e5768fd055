import type { CallPlace, CallRefusal, Clock, Logger, Metrics, RefusalReason } from '@kav/core'
import type { PipelineConfig } from '@kav/core/host'
import { LatenessGate } from './lateness-gate.ts'
import type { LoopLag } from './loop-lag.ts'

export type Limits = PipelineConfig['limits']

/**
 * Who may call now. A promised call counts until it comes, so that of many that ring at once no two are given the
 * same last place.
 */
export interface Admission {
  admit(withinMs: number): CallPlace | CallRefusal
  admitPromised(): CallPlace
  /** The call of a place has come: from here on it counts as one that runs. */
  taken(place: CallPlace): void
  /** Takes no new call; those that were promised may come. */
  drain(): void
  /** Why a new call would be refused now. */
  readonly refusing: RefusalReason | undefined
  /** Calls that were promised and have not come. */
  readonly promised: number
  /** Resolves when no promised call is waited for any more, after `limitMs` at the latest. */
  noneAwaited(limitMs: number): Promise<void>
  close(): void
}

export interface AdmissionParts {
  readonly limits: Limits
  /** How many calls run. */
  readonly running: () => number
  /** Absent: lateness is no reason to refuse anybody. */
  readonly lag?: LoopLag | undefined
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

const REASONS: readonly RefusalReason[] = ['draining', 'full', 'overloaded']

export function createAdmission({ limits, running, lag, clock, log, metrics }: AdmissionParts): Admission {
  const gate = new LatenessGate(limits.max_event_loop_lag_ms)
  /** With the time at which each is given up. */
  const promised = new Map<CallPlace, number>()
  let draining = false
  let told: RefusalReason | undefined
  let onNoneAwaited = (): void => undefined

  const forget = (place: CallPlace): void => {
    if (promised.delete(place) && promised.size === 0) onNoneAwaited()
  }

  const promise = (untilMs: number): CallPlace => {
    const place: CallPlace = { release: () => forget(place) }
    promised.set(place, untilMs)
    return place
  }

  function giveUpExpired(): void {
    const nowMs = clock.nowMs()
    for (const [place, untilMs] of promised) {
      if (untilMs > nowMs) continue
      metrics.count('call_promises_expired_total')
      forget(place)
    }
  }

  function refusing(): RefusalReason | undefined {
    if (draining) return 'draining'
    giveUpExpired()
    if (limits.max_calls > 0 && running() + promised.size >= limits.max_calls) return 'full'
    return gate.isShut ? 'overloaded' : undefined
  }

  /** Once a second, and not with each call: a process at its limit would say it all the time. */
  function report(): void {
    const reason = refusing()
    metrics.gauge('promised_calls', promised.size)
    for (const one of REASONS) metrics.gauge('refusing_calls', one === reason ? 1 : 0, { reason: one })
    if (reason === told) return
    told = reason
    const calls = { running: running(), promised: promised.size }
    if (reason === undefined) log.info(calls, 'ADMISSION: calls are taken again')
    else log.warn({ reason, ...calls }, 'ADMISSION: no new calls')
  }

  const stop = lag?.onSecond((p90Ms) => {
    gate.tell(p90Ms)
    report()
  })

  return {
    admit(withinMs) {
      const reason = refusing()
      if (reason === undefined) return promise(clock.nowMs() + withinMs)
      const instead = insteadOf(reason, limits)
      metrics.count('calls_refused_total', 1, { reason, instead: instead.how })
      return { refused: reason, instead }
    },
    // It comes at once, and then runs.
    admitPromised: () => ({ release: () => undefined }),
    taken: forget,
    drain() {
      draining = true
    },
    get refusing() {
      return refusing()
    },
    get promised() {
      return promised.size
    },
    async noneAwaited(limitMs) {
      giveUpExpired()
      if (promised.size === 0) return
      await new Promise<void>((resolve) => {
        const cancel = clock.after(limitMs, resolve)
        onNoneAwaited = () => {
          cancel()
          resolve()
        }
      })
    },
    close: () => stop?.(),
  }
}

function insteadOf(reason: RefusalReason, limits: Limits): CallRefusal['instead'] {
  const how = reason === 'draining' ? limits.when_draining : limits.when_full
  // A file that says forward says where to (`forward-checks.ts`).
  return how === 'forward' ? { how, to: limits.forward_to! } : { how }
}
