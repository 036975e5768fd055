import type { Clock, InsteadOfCall, Metrics, OfferedCall, RefusalReason, StoredCall } from '@kav/core'
import { createCallRecorder, type LoadedPipeline, TokenBucket } from '@kav/core/host'
import { ownMark } from '../process/process-mark.ts'
import type { KeptRecord } from './kept-record.ts'
import { ownerText, storedCall } from './stored-call.ts'

/**
 * Why a caller did not get through. `hook-failed`: `before_call` gave no answer, and `on_error` says `refuse`.
 * `unauthorised`: nothing proved that the carrier offered the call.
 */
export type WhyRefused = RefusalReason | 'hook-failed' | 'unauthorised'

export interface RefusedCaller {
  readonly call: OfferedCall
  readonly reason: WhyRefused
  readonly instead: InsteadOfCall['how']
  /** Whose call it would have been. Absent: nobody's. */
  readonly pipeline?: LoadedPipeline | undefined
  /** All pipelines behind the line. */
  readonly line: readonly LoadedPipeline[]
}

/** Keeps who did not get through in the store of the pipeline that was called. */
export interface RefusedCalls {
  /** Costs no call anything: nobody waits for it, and what comes too fast is counted. */
  tell(refused: RefusedCaller): void
}

/** What `outcome` says of such a call. */
export const REFUSED = 'refused'

/**
 * Before the id of a call that nobody proved: whoever knows the id of a real call could put himself in its place, and be
 * shown and erased instead of it.
 */
export const UNPROVEN = 'unproven-'

/** Those who call a service that is full, and try again. */
const RATE = { burst: 200, perSecond: 10 }
/** What strangers say must not take the room of callers: enough to see that something is set wrongly. */
const UNPROVEN_RATE = { burst: 20, perSecond: 0.1 }

export function createRefusedCalls({
  clock,
  metrics,
  node,
  onStored,
}: {
  readonly clock: Clock
  readonly metrics: Metrics
  readonly node?: string | undefined
  /** Absent: no calls are kept. Never rejects. */
  readonly onStored?: ((pipeline: string, call: StoredCall) => Promise<boolean>) | undefined
}): RefusedCalls {
  const owner = ownerText(ownMark())
  const callers = new TokenBucket(RATE, clock)
  const strangers = new TokenBucket(UNPROVEN_RATE, clock)
  return {
    tell(refused) {
      const { pipeline, line, reason } = refused
      const keeping = pipeline === undefined ? line.filter(hasStore) : [pipeline].filter(hasStore)
      const [keeper] = keeping
      if (keeper === undefined || onStored === undefined) return
      if (!(reason === 'unauthorised' ? strangers : callers).take())
        return metrics.count('refused_calls_unkept_total', 1, { why: 'rate' })
      const record = recordOf(refused, clock.wallMs(), node)
      // Nobody's call: what one of them would not keep, none does.
      const words = keeping.every(({ config }) => config.record.transcript)
      void onStored(keeper.config.name, {
        ...storedCall(record, { state: 'ended', words, owner }),
        reason,
      })
    },
  }
}

function hasStore({ stages }: LoadedPipeline): boolean {
  return stages.store !== undefined
}

function recordOf(
  { call, reason, instead, pipeline }: RefusedCaller,
  startedAtWallMs: number,
  node: string | undefined,
): KeptRecord {
  const { id, from, to } = call
  const recorder = createCallRecorder({
    callId: reason === 'unauthorised' ? `${UNPROVEN}${id}` : id,
    pipeline: pipeline?.config.name ?? '',
    startedAtWallMs,
    ...(pipeline && { pipelineVersion: pipeline.version }),
    ...(node !== undefined && { node }),
  })
  return {
    ...recorder.finish({ durationMs: 0, endedBy: REFUSED, counters: {} }),
    direction: call.pipeline === undefined ? 'in' : 'out',
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    refused: { reason, instead },
  }
}
