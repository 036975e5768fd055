import type { Clock } from '../../contracts/clock.ts'
import type { HangUpReason, TransportCall } from '../../contracts/transport.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { attempt } from '../../kit/attempt.ts'
import { settleWithin } from '../../kit/deadline.ts'
import { LAST_WORDS_LIMIT_MS } from '../hearing/hearing-link.ts'
import type { OwnReason } from './call-conversation.ts'
import { createTransfer } from './call-transfer.ts'

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
  /** We hang up: the transport ends the call, and its event brings the rest. */
  fromOurSide(reason: OwnReason): void
  /**
   * Hands the caller over. Resolves with nothing when that ends the call, or the call ends meanwhile; else with what
   * became of it, for the model: the caller is still there, the call goes on, and it may be tried again.
   */
  transfer(to: string): Promise<string | undefined>
  /** It is ending, or has ended. */
  isOver(): boolean
  /** The transport says that the call is over. */
  fromTheirSide(reason: HangUpReason): void
  /** A stage broke: told once, and the call ends. */
  failed(stage: string, error: unknown): void
}

export interface CallEndParts {
  readonly call: Pick<TransportCall, 'hangUp' | 'transfer'>
  readonly clock: Clock
  readonly telemetry: CallTelemetry
  readonly maxCallMs: number
  readonly producers: readonly (() => void)[]
  readonly drain: () => Promise<void>
  readonly consumers: readonly (() => unknown)[]
  readonly counters: () => Readonly<Record<string, number>>
}

/** Bound on the transport's own hang-up, after which the call is closed here in any case. */
const HANG_UP_LIMIT_MS = 5000
/** Bounds on what a call may take to close: to drain what it holds, whose bound it keeps itself, and to end the rest. */
const DRAIN_LIMIT_MS = LAST_WORDS_LIMIT_MS + 1000
const CLOSE_LIMIT_MS = 5000

export function endCall(parts: CallEndParts): CallEnd {
  const { call, clock, telemetry } = parts
  const startedMs = clock.nowMs()
  const closeParts = createCloser(parts)
  const transfer = createTransfer(parts, { isOver, onDone: () => void close('transferred') })
  let ourReason: OwnReason | undefined
  let closing = false
  let resolveDone: (outcome: CallOutcome) => void = () => undefined
  const done = new Promise<CallOutcome>((resolve) => {
    resolveDone = resolve
  })
  const cancelLimit = clock.after(parts.maxCallMs, () => fromOurSide('limit'))

  function isOver(): boolean {
    return closing || ourReason !== undefined
  }

  function fromOurSide(reason: OwnReason): void {
    if (isOver()) return
    ourReason = reason
    telemetry.hangUpRequested(reason)
    void settleWithin(
      clock,
      HANG_UP_LIMIT_MS,
      attempt(() => call.hangUp()),
      (thrown) => telemetry.closeFailed({ stage: 'transport' }, thrown),
    ).then(() => close(reason))
  }

  async function close(reason: HangUpReason): Promise<void> {
    if (closing) return
    closing = true
    cancelLimit()
    const durationMs = clock.nowMs() - startedMs
    await closeParts()
    const endedBy = await transfer.endedBy(reason, ourReason)
    const outcome = { durationMs, endedBy, counters: parts.counters() }
    stopped(telemetry, () =>
      telemetry.callEnded({ duration_ms: Math.round(durationMs), ended_by: endedBy, ...outcome.counters }),
    )
    resolveDone(outcome)
  }

  return {
    done,
    fromOurSide,
    isOver,
    transfer: transfer.start,
    fromTheirSide: (reason) => void close(reason),
    failed(stage, error) {
      if (isOver()) return
      telemetry.stageFailed(stage, error)
      fromOurSide('failure')
    },
  }
}

function createCloser(parts: CallEndParts): () => Promise<void> {
  const { clock, telemetry } = parts
  return async () => {
    for (const stop of parts.producers) stopped(telemetry, stop)
    await settleWithin(clock, DRAIN_LIMIT_MS, parts.drain())
    const closed = parts.consumers.map((stop) => stopped(telemetry, stop))
    await settleWithin(clock, CLOSE_LIMIT_MS, Promise.all(closed))
  }
}

function stopped(telemetry: CallTelemetry, stop: () => unknown): unknown {
  try {
    return stop()
  } catch (error) {
    telemetry.stageFailed('close', error)
    return undefined
  }
}
