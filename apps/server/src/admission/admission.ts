import type { CallPlace, CallRefusal, Clock, Logger, Metrics, OfferedCall, RefusalReason } from '@kav/core'
import type { PipelineConfig } from '@kav/core/host'
import { LatenessGate } from './lateness-gate.ts'
import { CallPlaces } from './call-places.ts'
import type { LoopLag } from './loop-lag.ts'
import type { CallRooms, RingingRoom } from './call-rooms.ts'

export type Limits = PipelineConfig['limits']

/**
 * Who may call one pipeline now. A promised call counts until it comes, so that of many that ring at once no two are
 * given the same last place; one that has come counts until it is over.
 */
export interface Admission {
  /** The place is free again when the call has not come within `withinMs`. Never rejects. */
  admit(call: OfferedCall, withinMs: number): Promise<CallPlace | CallRefusal>
  admitPromised(call: OfferedCall): CallPlace
  /** Room for a call that is about to be placed, while it rings. Never rejects. */
  ring(call: OfferedCall): Promise<RingingRoom | Pick<CallRefusal, 'refused'>>
  /** The call of a place has come, if after its time. */
  taken(place: CallPlace, call: OfferedCall): void
  /** The call of a place is over. */
  ended(place: CallPlace): void
  /** Takes no new call; those that were promised may come. */
  drain(): void
  /** Why a new call would be refused now. */
  readonly refusing: RefusalReason | undefined
  /**
   * Nothing that comes now was promised here, and a balancer brings it to who promised it. Behind one that looks for
   * the fewest connections, the process that loses its calls would otherwise be given the streams of all its
   * neighbours, and never see the last of them.
   */
  readonly passesOn: boolean
  /** Calls that were promised and have not come. */
  readonly promised: number
  /** For how many more there is room. Absent: no limit, or it is not known here. */
  readonly free: number | undefined
  /** Resolves when no promised call is waited for any more; those that `limitMs` has not brought are given up. */
  noneAwaited(limitMs: number): Promise<void>
  close(): void
}

export interface AdmissionParts {
  readonly limits: Limits
  /** Who counts the calls. */
  readonly rooms: CallRooms
  /** Absent: lateness is no reason to refuse anybody. */
  readonly lag?: LoopLag | undefined
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
  readonly onRefused?: ((instead: CallRefusal['instead']['how']) => void) | undefined
}

const REASONS: readonly RefusalReason[] = ['draining', 'full', 'overloaded']

export function createAdmission(parts: AdmissionParts): Admission {
  const { limits, rooms, lag, clock, log, metrics, onRefused } = parts
  const gate = new LatenessGate(limits.max_event_loop_lag_ms)
  const places = new CallPlaces(clock, () => metrics.count('call_promises_expired_total'))
  let draining = false
  let told: RefusalReason | undefined

  function refusing(): RefusalReason | undefined {
    if (draining) return 'draining'
    places.giveUpExpired()
    if (rooms.isFull) return 'full'
    return gate.isShut ? 'overloaded' : undefined
  }

  function refusal(reason: RefusalReason): CallRefusal {
    const instead = insteadOf(reason, limits)
    metrics.count('calls_refused_total', 1, { reason, instead: instead.how })
    onRefused?.(instead.how)
    return { refused: reason, instead }
  }

  /** Once a second, and not with each call: a process at its limit would say it all the time. */
  function report(): void {
    const reason = refusing()
    metrics.gauge('promised_calls', places.promised)
    for (const one of REASONS) metrics.gauge('refusing_calls', one === reason ? 1 : 0, { reason: one })
    if (reason === told) return
    told = reason
    const calls = { running: places.running, promised: places.promised }
    if (reason === undefined) log.info(calls, 'ADMISSION: calls are taken again')
    else log.warn({ reason, ...calls }, 'ADMISSION: no new calls')
  }

  const stop = lag?.onSecond((p90Ms) => {
    gate.tell(p90Ms)
    report()
  })

  return {
    async admit(call, withinMs) {
      const reason = refusing()
      // One that was placed had its place before it rang.
      const isHeld = call.pipeline !== undefined && reason !== 'draining'
      if (reason !== undefined && !isHeld) return refusal(reason)
      const asked = rooms.claim(call)
      const place =
        asked instanceof Promise
          ? await places.promiseOf(asked, withinMs)
          : asked && places.promise(asked, withinMs)
      return place ?? refusal('full')
    },
    async ring(call) {
      const reason = refusing()
      if (reason !== undefined) return { refused: reason }
      return (await rooms.ring(call)) ?? { refused: 'full' }
    },
    // It comes at once, and then runs.
    admitPromised: (call) => places.add(rooms.adopt(call)),
    taken: (place, call) => places.taken(place, () => rooms.adopt(call)),
    ended: (place) => places.leave(place),
    drain() {
      draining = true
    },
    get refusing() {
      return refusing()
    },
    get passesOn() {
      if (!draining || limits.when_draining !== 'elsewhere') return false
      places.giveUpExpired()
      return places.promised === 0
    },
    get promised() {
      return places.promised
    },
    get free() {
      return rooms.free
    },
    noneAwaited: (limitMs) => places.noneAwaited(limitMs),
    close: () => stop?.(),
  }
}

export function insteadOf(reason: RefusalReason, limits: Limits): CallRefusal['instead'] {
  const how = reason === 'draining' ? limits.when_draining : limits.when_full
  // A file that says forward says where to (`forward-checks.ts`).
  return how === 'forward' ? { how, to: limits.forward_to! } : { how }
}
