import type { IncomingHttpHeaders } from 'node:http'
import type { HttpRequest, HttpResponse, OfferedCall, Pace, PaceAnswer, StoredCall } from '@kav/core'
import type { CallNotice } from '../fleet/call-notice.ts'
import type { CallCommand, CallCommandAnswer } from '../live/call-command.ts'
import type { Figures } from '../metrics.ts'
import type { BrowserCallAnswer, BrowserCallAsk } from '../service/browser-door.ts'
import type { LevelChange } from '../process/log-levels.ts'
import type { PipelineSource } from '../service/pipeline-files.ts'
import type { Reload } from '../service/service.ts'
import type { ServiceStatus } from '../service/service-status.ts'

/** The files of a service and the variables they are read with. */
export interface WorkerFiles {
  readonly sources: readonly PipelineSource[]
  /** All of the process's environment: a worker has no other. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** How loaded a worker was in the last second. */
export interface WorkerLoad {
  /** Share of one core, 0 to 1 and a little more. */
  readonly cpuShare: number
  /** 90th percentile of how late its event loop was. */
  readonly lagMs: number
  readonly status: ServiceStatus
}

/** What a worker answers on the port: `POST /twilio/voice`, and paths of upgrades. */
export interface WorkerRoutes {
  readonly routes: readonly string[]
  /** Those of the routes by which calls are offered. */
  readonly offering: readonly string[]
  readonly upgrades: readonly string[]
}

/** The head of a request for an upgrade; its socket comes with the message. */
export interface UpgradeHead {
  /** The path of the route, without the way back to a worker. */
  readonly path: string
  /** Of the console's phone, for this pipeline: it came on the operator's port, and its path is none of the routes. */
  readonly browserOf?: string
  readonly method: string
  /** As received. */
  readonly url: string
  readonly httpVersion: string
  readonly rawHeaders: readonly string[]
  /** As Node has read them. */
  readonly headers: IncomingHttpHeaders
  /** Bytes that came with the request. */
  readonly head: Uint8Array
}

/** What the parent asks a worker, and gets. */
export interface ToWorker {
  /** Reads what the files need, code above all, so that `open` is quick. */
  prepare: { ask: WorkerFiles; answer: null }
  open: {
    ask: { readonly slot: number; readonly files: WorkerFiles; readonly completesKilled: boolean }
    answer: null
  }
  reload: { ask: WorkerFiles; answer: Reload }
  request: { ask: HttpRequest; answer: HttpResponse }
  figures: { ask: null; answer: Figures }
  /** About the calls that run there. */
  call: { ask: CallCommand; answer: CallCommandAnswer }
  browserCall: { ask: BrowserCallAsk; answer: BrowserCallAnswer }
}

/** What the parent tells a worker. */
export interface TellWorker {
  upgrade: UpgradeHead
  /** From which level on it logs, for a while. */
  level: LevelChange
  /** A request to stop: see `StopSignals`. */
  stop: string
}

/** What a worker asks the parent, and gets. */
export interface ToParent {
  /** Room for a call; `id` is the worker's own. */
  claim: {
    ask: { readonly id: number; readonly pipeline: string; readonly call: OfferedCall }
    answer: boolean
  }
  /** Room for a call that is about to be placed. */
  ring: {
    ask: { readonly id: number; readonly pipeline: string; readonly call: OfferedCall }
    answer: boolean
  }
  once: { ask: { readonly key: string; readonly withinMs: number }; answer: boolean }
  /** For the store of a pipeline. Answered when the call is safe, or is not. */
  store: { ask: { readonly pipeline: string; readonly call: StoredCall }; answer: boolean }
  pace: { ask: { readonly key: string; readonly pace: Pace }; answer: PaceAnswer }
}

/** What a worker tells the parent. */
export interface TellParent {
  routes: WorkerRoutes
  /** The first call need wait for nothing. */
  warm: null
  load: WorkerLoad
  /** A call that is not to be refused has taken room. */
  adopt: { readonly id: number; readonly pipeline: string; readonly call: OfferedCall }
  /** The call of a room that was claimed has come. */
  taken: { readonly id: number }
  /** The carrier has taken the order of the call of a room that was asked for by `ring`. */
  ordered: { readonly id: number; readonly callId: string; readonly withinMs: number }
  /** A call that was placed is over, as the carrier says. */
  placedOver: { readonly callId: string }
  /** A call's files are written. */
  kept: CallNotice
  release: { readonly id: number }
}
