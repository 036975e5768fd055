import { createFrameClock } from '@kav/core/host'
import { createStorage } from '../process/storage.ts'
import type { CheckedService, PipelineSource } from './pipeline-files.ts'
import { openService, type OpenServiceParts, type Reload, type Service } from './service.ts'
import { type ServiceStatus, statusOf, type WorkersFigures } from './service-status.ts'

/** What takes the calls of a service: this process itself, or its workers. */
export interface CallServer extends Pick<
  Service,
  'activeCalls' | 'warmedUp' | 'browser' | 'drain' | 'idle' | 'close'
> {
  status(): ServiceStatus
  /** Of all processes, where there are several. */
  readonly figures?: WorkersFigures
  /** As `Service.reload`. */
  reload(files: ReadFiles): Promise<Reload>
}

/** Files as they were read, and what they say. */
export interface ReadFiles {
  readonly sources: readonly PipelineSource[]
  readonly checked: CheckedService
}

/** The last calls' spans are sent, as long as it may take. */
const TRACES_LIMIT_MS = 700

/** Takes the calls in this process. */
export async function serveHere(
  { checked }: ReadFiles,
  parts: Omit<OpenServiceParts, 'frameClock' | 'storage'>,
): Promise<CallServer> {
  const { clock, metrics } = parts
  const service = await openService(checked.loaded, {
    ...parts,
    frameClock: createFrameClock(clock, metrics.metrics),
    storage: createStorage({ clock, metrics: metrics.metrics }),
  })
  return {
    get activeCalls() {
      return service.activeCalls
    },
    warmedUp: service.warmedUp,
    status: () => statusOf(service),
    browser: service.browser,
    reload: (files) => service.reload(files.checked.loaded),
    drain: () => service.drain(),
    idle: () => service.idle(),
    async close(hurry) {
      await service.close(hurry)
      await parts.traces?.close(TRACES_LIMIT_MS)
    },
  }
}
