import type { Clock } from '../../contracts/clock.ts'
import type { HangUpReason, TransportCall } from '../../contracts/transport.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { settleWithin } from '../../kit/deadline.ts'

export interface CallOutcome {
  readonly durationMs: number
  readonly endedBy: HangUpReason
  readonly counters: Readonly<Record<string, number>>
}

/**
 * The end of a call, whoever brings it about: producers stop first, each stage drains into the next, consumers
 * close; one that fails does not keep the others from closing.
 */
export interface CallEnd {
  readonly done: Promise<CallOutcome>
  /** We hang up, or hand the caller over: the transport ends the call, and its event brings the rest. */
  fromOurSide(reason: HangUpReason, transferTo?: string): void
  /** The transport says that the call is over. */
  fromTheirSide(reason: HangUpReason): void
  /** A stage broke: told once, and the call ends. */
  failed(stage: string, error: unknown): void
}

/** Bound on the transport's own hang-up, after which the call is closed here in any case. */
const HANG_UP_LIMIT_MS = 5000
/** Bound on everything a call may take to close. */
const CLOSE_LIMIT_MS = 5000

export function endCall(parts: {
  call: TransportCall
  clock: Clock
  telemetry: CallTelemetry
  maxCallMs: number
  producers: readonly (() => void)[]
  drain: () => Promise<void>
  consumers: readonly (() => unknown)[]
  counters: () => Readonly<Record<string, number>>
}): CallEnd {
  const { call, clock, telemetry } = parts
  const startedMs = clock.nowMs()
  let ourReason: HangUpReason | undefined
  let closing = false
  let resolveDone: (outcome: CallOutcome) => void = () => undefined
  const done = new Promise<CallOutcome>((resolve) => {
    resolveDone = resolve
  })
  const cancelLimit = clock.after(parts.maxCallMs, () => fromOurSide('limit'))

  function fromOurSide(reason: HangUpReason, transferTo?: string): void {
    if (ourReason !== undefined || closing) return
    ourReason = reason
    telemetry.hangUpRequested(reason)
    void settleWithin(clock, HANG_UP_LIMIT_MS, leave(transferTo)).then(() => close(reason))
  }

  async function leave(transferTo: string | undefined): Promise<void> {
    if (transferTo === undefined || !call.transfer) return call.hangUp()
    try {
      await call.transfer(transferTo)
    } catch (error) {
      // A caller who cannot be handed over must not be left in silence on an open line.
      telemetry.transferFailed(error)
      await call.hangUp()
    }
  }

  async function close(reason: HangUpReason): Promise<void> {
    if (closing) return
    closing = true
    cancelLimit()
    const durationMs = clock.nowMs() - startedMs
    for (const stop of parts.producers) attempt(stop)
    await settleWithin(clock, CLOSE_LIMIT_MS, parts.drain())
    await settleWithin(clock, CLOSE_LIMIT_MS, Promise.all(parts.consumers.map((stop) => attempt(stop))))
    const outcome = { durationMs, endedBy: ourReason ?? reason, counters: parts.counters() }
    attempt(() =>
      telemetry.callEnded({
        duration_ms: Math.round(durationMs),
        ended_by: outcome.endedBy,
        ...outcome.counters,
      }),
    )
    resolveDone(outcome)
  }

  function attempt(stop: () => unknown): unknown {
    try {
      return stop()
    } catch (error) {
      telemetry.stageFailed('close', error)
      return undefined
    }
  }

  return {
    done,
    fromOurSide,
    fromTheirSide: (reason) => void close(reason),
    failed(stage, error) {
      if (ourReason !== undefined || closing) return
      telemetry.stageFailed(stage, error)
      fromOurSide('failure')
    },
  }
}
