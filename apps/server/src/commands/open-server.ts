import type { Logger } from '@kav/core'
import type { CallEvent } from '@kav/core/host'
import { watchLoopLag } from '../admission/loop-lag.ts'
import { asNotice, callNotice, type CallNotice } from '../fleet/call-notice.ts'
import { linkOutbound } from '../fleet/link-outbound.ts'
import { type Fleet, fleetRooms } from '../fleet/fleet-rooms.ts'
import type { CallsPort } from '../http-host.ts'
import type { ProcessMetrics } from '../metrics.ts'
import { type CallServer, type ReadFiles, serveHere } from '../service/call-server.ts'
import type { ServiceParts } from '../service/service-parts.ts'
import { openTraces } from '../traces/open-traces.ts'
import type { TraceSettings } from '../traces/trace-settings.ts'
import { systemClock } from '../system-clock.ts'
import { serveByWorkers, type WorkersParts } from '../workers/serve-by-workers.ts'

export interface OpenServerParts {
  /** How many processes take the calls. */
  readonly workers: number
  /** So long without a sign of life, and one of several is ended. */
  readonly hangsAfterS: number
  readonly env: WorkersParts['env']
  readonly levels: WorkersParts['levels']
  readonly fleet: Fleet
  readonly traces: TraceSettings | undefined
  readonly port: CallsPort
  readonly log: Logger
  readonly metrics: ProcessMetrics
  /** Takes calls of all processes. */
  readonly onStored: NonNullable<ServiceParts['onStored']>
  /** Told of every call that is over, of all processes. */
  readonly onEnded: (notice: CallNotice) => void
  /** Told of every event, where this process takes the calls itself. */
  readonly onEvent?: (event: CallEvent) => void
  /** Aborted: nobody waits for the server any more. */
  readonly givenUp: AbortSignal
}

/** One worker is this process: a laptop has no parent. */
export async function openServer(files: ReadFiles, parts: OpenServerParts): Promise<CallServer> {
  const { workers, hangsAfterS, env, levels, fleet, onEvent, onEnded, traces, givenUp, ...shared } = parts
  const { directory } = fleet
  const all = { ...shared, clock: systemClock, outbound: linkOutbound(fleet) }
  if (workers > 1)
    return await serveByWorkers(files, {
      ...all,
      count: workers,
      hangsAfterS,
      env,
      levels,
      fleet,
      onEnded,
      givenUp,
    })
  return await serveHere(files, {
    ...all,
    onEvent,
    node: directory.node,
    traces: await openTraces(traces, {
      log: parts.log,
      metrics: parts.metrics.metrics,
      node: directory.node,
    }),
    lag: watchLoopLag(),
    once: (key, withinMs) => directory.once(key, withinMs),
    rooms: fleetRooms(fleet),
    onRecord(record) {
      const notice = callNotice(record)
      onEnded(notice)
      void directory.tell(asNotice(notice))
    },
  })
}
