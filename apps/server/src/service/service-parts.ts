import type { Clock, Logger, StoredCall } from '@kav/core'
import type { CallRecord, FrameClock, RedactedEvent } from '@kav/core/host'
import type { LoopLag } from '../admission/loop-lag.ts'
import type { LiveCalls } from '../live/live-calls.ts'
import type { ProcessMetrics } from '../metrics.ts'
import type { CallTraces } from '../traces/call-traces.ts'
import type { Storage } from '../process/storage.ts'
import type { BurnBook } from '../slo/burn-book.ts'

/** What the pipelines of a process have in common. */
export interface ServiceParts {
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: ProcessMetrics
  /** The process's name among others, for records of its calls. */
  readonly node?: string | undefined
  /** The one timer of all calls. */
  readonly frameClock: FrameClock
  /** The one way to the disk. */
  readonly storage: Storage
  /** How late the process is; absent, no call is refused for it. */
  readonly lag?: LoopLag | undefined
  /** Absent: calls are not traced. */
  readonly traces?: CallTraces | undefined
  /** How fast error budgets are used up; absent, nobody asks. */
  readonly burns?: BurnBook | undefined
  /** Sees every event of every call (verify, demo). */
  readonly onEvent?: ((event: RedactedEvent, callId: string) => void) | undefined
  /**
   * Takes calls of pipelines with a store, when they begin and when they are over. Resolves with true when the call is
   * safe from the end of the process; what is not is left in its journal. Never rejects.
   */
  readonly onStored?: ((pipeline: string, call: StoredCall) => Promise<boolean>) | undefined
  /** Shows and steers the calls that run; absent, nobody asks. */
  readonly live?: LiveCalls | undefined
  /** Called when a call's files are written. */
  readonly onRecord?: ((record: CallRecord, files: readonly string[]) => void) | undefined
}
