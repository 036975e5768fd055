import { messageOf } from '@kav/core'
import { createFrameClock } from '@kav/core/host'
import { roomsWithin } from '../admission/rooms-within.ts'
import { createCallWatchers } from '../live/call-watchers.ts'
import type { CallHost } from '../live/call-command.ts'
import { createLiveCalls } from '../live/live-calls.ts'
import { createLocalCallHost } from '../live/local-call-host.ts'
import type { LevelChange } from '../process/log-levels.ts'
import { openFilesAllowed } from '../process/open-files.ts'
import { createStorage } from '../process/storage.ts'
import { createBurnBook } from '../slo/burn-book.ts'
import { filesNeeded } from './files-needed.ts'
import type { CheckedService, PipelineSource } from './pipeline-files.ts'
import { openService, type OpenServiceParts, type Reload, type Service } from './service.ts'
import { type ServiceStatus, statusOf, type WorkersFigures } from './service-status.ts'

/** What takes the calls of a service: this process itself, or its workers. */
export interface CallServer extends Pick<
  Service,
  'activeCalls' | 'warmedUp' | 'browser' | 'drain' | 'idle' | 'close'
> {
  status(): ServiceStatus
  /** The processes that run its calls. */
  callHosts(): readonly CallHost[]
  /** Of all processes, where there are several. */
  readonly figures?: WorkersFigures
  /** Of the logs of all its processes but this one, where there are several. */
  readonly tellLevel?: (change: LevelChange) => void
  /** As `Service.reload`. */
  reload(files: ReadFiles): Promise<Reload>
}

/** Files as they were read, and what they say. */
export interface ReadFiles {
  readonly sources: readonly PipelineSource[]
  readonly checked: CheckedService
}

/** For how many calls one process has files open. */
function callsWithFiles({ loaded }: CheckedService): number {
  return filesNeeded(loaded, { allowed: openFilesAllowed(), workers: 1 }).calls ?? Infinity
}

/** Takes the calls in this process. */
export async function serveHere(
  { checked }: ReadFiles,
  parts: Omit<OpenServiceParts, 'frameClock' | 'storage' | 'live' | 'burns'> & { readonly worker?: number },
): Promise<CallServer> {
  const { clock, metrics, log, onEvent, worker } = parts
  const watchers = createCallWatchers((error) =>
    log.error({ error: messageOf(error) }, 'WATCH: somebody who listened has failed'),
  )
  const seen = {
    ...{ watchers, clock, metrics: metrics.metrics, node: parts.node ?? 'local' },
    ...(worker !== undefined && { worker }),
  }
  const live = createLiveCalls(seen)
  const host = createLocalCallHost(live, clock, (ask) => service.place(ask))
  const burns = createBurnBook({ clock, metrics: metrics.metrics })
  let most = callsWithFiles(checked)
  // Of a worker the parent knows it.
  const rooms = parts.rooms && worker === undefined ? roomsWithin(parts.rooms, () => most) : parts.rooms
  const service = await openService(checked.loaded, {
    ...parts,
    ...(rooms && { rooms }),
    live,
    burns,
    onEvent(event, callId) {
      watchers.tell(event, callId)
      onEvent?.(event, callId)
    },
    frameClock: createFrameClock(clock, metrics.metrics),
    storage: createStorage({ clock, metrics: metrics.metrics }),
  })
  return {
    get activeCalls() {
      return service.activeCalls
    },
    warmedUp: service.warmedUp,
    status: () => statusOf(service),
    callHosts: () => [host],
    browser: service.browser,
    async reload(files) {
      const reload = await service.reload(files.checked.loaded)
      most = callsWithFiles(files.checked)
      return reload
    },
    drain: () => service.drain(),
    idle: () => service.idle(),
    async close(hurry) {
      await service.close(hurry)
      burns.close()
    },
  }
}
