import type { CallHistory } from '../history/call-history.ts'
import type { CallDirectory, RefusalReason } from '@kav/core'
import type { CallsAccess } from '../live/calls-access.ts'
import type { LevelChange } from '../process/log-levels.ts'
import type { BrowserDoor } from '../service/browser-door.ts'
import type { Reloader } from '../service/reloader.ts'
import type { OutcomeTally } from '../history/outcome-tally.ts'
import type { PipelineStatus, ServiceStatus, WorkersFigures } from '../service/service-status.ts'

/** Why a balancer should send the next call elsewhere. */
export type UnreadyReason = RefusalReason | 'starting' | 'no-provider'

export interface Readiness {
  readonly ready: boolean
  readonly reason?: UnreadyReason
}

/** What the answers about a process are made of while it starts, runs and ends. */
export interface ServiceState {
  /** Stores of calls; absent until they are open. */
  history?: CallHistory
  /** Calls that ended while this process runs, for whoever has no store. */
  ended?: OutcomeTally
  /** Absent until the providers are made. */
  status: (() => ServiceStatus) | undefined
  /** Who runs which call, here and on other machines; absent where nobody asks. */
  directory?: CallDirectory
  /** The calls that run, to see and to steer. */
  calls?: CallsAccess
  /** Where workers take the calls: all their figures. */
  figures?: WorkersFigures | undefined
  /** Absent until there is something to read anew. */
  reloader?: Reloader
  /** The console's phone; absent until calls are taken. */
  browser?: BrowserDoor
  /** Of this process's log, for a while. */
  changeLevel?: (change: LevelChange) => void
  /** The same in its workers, where they take the calls. */
  tellLevel?: ((change: LevelChange) => void) | undefined
  /** Connections are up and the greeting is spoken, or their time is over. */
  warm: boolean
}

/**
 * Not ready: not warm yet, or none of its pipelines would take a call: draining, full, late, or a stage none of whose
 * providers works. Of several pipelines one is enough: callers of that one would lose a process that can answer them. So
 * would those of the first language, were a stage of a second one to count.
 */
export function readinessOf({ status, warm }: ServiceState): Readiness {
  const reason = unreadyReason(status?.(), warm)
  return reason === undefined ? { ready: true } : { ready: false, reason }
}

function unreadyReason(status: ServiceStatus | undefined, warm: boolean): UnreadyReason | undefined {
  if (status === undefined) return 'starting'
  // All workers have ended, and others follow.
  if (status.pipelines.length === 0) return 'starting'
  const refusing = status.pipelines.map((one) => one.refusing)
  const [first] = refusing
  if (first !== undefined && !refusing.includes(undefined)) return first
  if (!warm) return 'starting'
  const reasons = status.pipelines.map(reasonOf)
  return reasons.includes(undefined) ? undefined : reasons[0]
}

function reasonOf({ refusing, able }: PipelineStatus): UnreadyReason | undefined {
  return refusing ?? (able ? undefined : 'no-provider')
}

/** With the figures and providers behind it, for whoever may see them. */
export function readinessDetail(state: ServiceState) {
  const { pipelines = [], leaving_calls = 0, workers } = state.status?.() ?? {}
  return {
    ...readinessOf(state),
    calls: pipelines.reduce((sum, { calls }) => sum + calls, leaving_calls),
    promised_calls: pipelines.reduce((sum, { promised_calls }) => sum + promised_calls, 0),
    leaving_calls,
    pipelines,
    ...(workers && { workers }),
    ...(state.history?.store && { stores: state.history.states() }),
    ...(state.directory && { fleet: state.directory.state() }),
  }
}
