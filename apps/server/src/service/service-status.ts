import type { FigureFormat } from '../metrics/open-metrics.ts'
import type { Figures } from '../metrics.ts'
import type { RefusalReason } from '@kav/core'
import type { ProviderPool } from '@kav/core/host'
import type { RunningPipeline } from './running-pipeline.ts'

/** What is known of one pipeline of a service, in figures that add up over processes. */
export interface PipelineStatus {
  readonly name: string
  readonly file: string
  /** Of the file's text; two processes that differ in it have read different files. */
  readonly version: string
  readonly calls: number
  readonly promised_calls: number
  /** For how many more there is room; absent where the file sets no limit. */
  readonly free_calls?: number
  /** Why a new call would be refused now. */
  readonly refusing?: RefusalReason
  /** Every stage has a provider that may work. */
  readonly able: boolean
  readonly providers: ReturnType<ProviderPool['states']>
}

/** One worker, for the operator. */
export interface WorkerStatus {
  readonly worker: number
  readonly pid: number | undefined
  /** Those counted that were promised. */
  readonly calls: number
  readonly cpu_share: number
  readonly event_loop_lag_ms: number
}

export interface ServiceStatus {
  readonly pipelines: readonly PipelineStatus[]
  /** Calls that end on a file that was replaced. */
  readonly leaving_calls: number
  /** Absent where the process takes the calls itself. */
  readonly workers?: readonly WorkerStatus[]
}

/** Figures of a service whose calls are taken by workers, as Prometheus text. */
export interface WorkersFigures {
  /** In sum. */
  render(format?: FigureFormat): Promise<string>
  /** The same as values. */
  sum(): Promise<Figures>
  /** Each worker's by itself, under the label `worker`. */
  renderEach(format?: FigureFormat): Promise<string>
}

/** What a process says of its own pipelines. */
export function statusOf(service: {
  readonly pipelines: readonly RunningPipeline[]
  readonly activeCalls: number
}): ServiceStatus {
  const pipelines = service.pipelines.map(
    ({ loaded, activeCalls, admission, providers }): PipelineStatus => ({
      name: loaded.config.name,
      file: loaded.file,
      version: loaded.version,
      calls: activeCalls,
      promised_calls: admission.promised,
      ...(admission.free !== undefined && { free_calls: admission.free }),
      ...(admission.refusing && { refusing: admission.refusing }),
      able: providers.able(),
      providers: providers.states(),
    }),
  )
  const calls = pipelines.reduce((sum, one) => sum + one.calls, 0)
  return { pipelines, leaving_calls: service.activeCalls - calls }
}
