import type { RefusalReason } from '@kav/core'
import type { RunningPipeline } from '../running-pipeline.ts'

/** Why a balancer should send the next call elsewhere. */
export type UnreadyReason = RefusalReason | 'starting' | 'no-provider'

export interface Readiness {
  readonly ready: boolean
  readonly reason?: UnreadyReason
}

/** What the answers about a process are made of while it starts, runs and ends. */
export interface ServiceState {
  /** Absent until the providers are made. */
  pipeline: RunningPipeline | undefined
  /** Connections are up and the greeting is spoken, or their time is over. */
  warm: boolean
}

/**
 * Not ready: draining, full, late, not warm yet, or a stage none of whose providers works. A stage of a second language
 * takes no process out of service: the callers of the first would lose one that can hear and answer them.
 */
export function readinessOf({ pipeline, warm }: ServiceState): Readiness {
  const reason = unreadyReason(pipeline, warm)
  return reason === undefined ? { ready: true } : { ready: false, reason }
}

function unreadyReason(pipeline: RunningPipeline | undefined, warm: boolean): UnreadyReason | undefined {
  if (pipeline === undefined) return 'starting'
  const { refusing } = pipeline.admission
  if (refusing !== undefined) return refusing
  if (!warm) return 'starting'
  return pipeline.providers.able ? undefined : 'no-provider'
}

/** With the figures and providers behind it, for whoever may see them. */
export function readinessDetail(state: ServiceState) {
  const { pipeline } = state
  return {
    ...readinessOf(state),
    calls: pipeline?.activeCalls ?? 0,
    promised_calls: pipeline?.admission.promised ?? 0,
    providers: pipeline?.providers.states() ?? [],
  }
}
