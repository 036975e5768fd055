import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { CallNotice } from '../fleet/call-notice.ts'
import { type ChildEnd, endOf } from '../process/child-end.ts'
import { HeldRequests } from './held-requests.ts'
import type {
  TellParent,
  TellWorker,
  ToParent,
  ToWorker,
  WorkerFiles,
  WorkerLoad,
  WorkerRoutes,
} from './messages.ts'
import { connectPeer, type Handlers, type Peer } from './peer.ts'

const PROGRAM = fileURLToPath(new URL('./worker-main.js', import.meta.url))

/** A worker as its parent sees it. */
export interface Worker {
  /** 0: it waits to be given one. */
  slot: number
  readonly pid: number | undefined
  readonly peer: Peer<ToWorker, TellWorker>
  /** Of the last second. */
  load: WorkerLoad | undefined
  /** Seconds of the parent's without a report. */
  silentSeconds: number
  /** What it answers by; absent until it has its slot. */
  files: WorkerFiles | undefined
  routes: WorkerRoutes
  /** Requests that it is answering and that may bring calls. */
  underWay: number
  readonly held: HeldRequests
  /** Resolves when the process has ended, with how. */
  readonly exited: Promise<ChildEnd>
  kill(): void
}

export interface WorkerOptions {
  readonly env: WorkerFiles['env']
  readonly answer: (worker: Worker) => Handlers<ToParent, TellParent>['answer']
  readonly onAdopted: (worker: Worker, room: TellParent['adopt']) => void
  readonly onTaken: (worker: Worker, room: TellParent['taken']) => void
  readonly onOrdered: (worker: Worker, room: TellParent['ordered']) => void
  readonly onPlacedOver: (callId: string) => void
  readonly onReleased: (worker: Worker, room: TellParent['release']) => void
  readonly onKept: (notice: CallNotice) => void
  readonly onRoutes: (worker: Worker) => void
  readonly onWarm: (worker: Worker) => void
}

/** Starts the process. It does nothing until it is told to open its files. */
export function startWorker(options: WorkerOptions): Worker {
  const child: ChildProcess = fork(PROGRAM, [], {
    env: options.env,
    // Bodies of requests are bytes.
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const peer: Worker['peer'] = connectPeer<ToWorker, TellWorker, ToParent, TellParent>(child, {
    get answer() {
      return options.answer(worker)
    },
    hear: {
      routes(routes) {
        worker.routes = routes
        options.onRoutes(worker)
      },
      warm: () => options.onWarm(worker),
      load(load) {
        worker.load = load
        worker.silentSeconds = 0
      },
      adopt: (room) => options.onAdopted(worker, room),
      taken: (room) => options.onTaken(worker, room),
      ordered: (room) => options.onOrdered(worker, room),
      placedOver: ({ callId }) => options.onPlacedOver(callId),
      kept: (notice) => options.onKept(notice),
      release: (room) => options.onReleased(worker, room),
    },
  })
  const worker: Worker = {
    slot: 0,
    pid: child.pid,
    peer,
    load: undefined,
    silentSeconds: 0,
    files: undefined,
    routes: { routes: [], offering: [], upgrades: [] },
    underWay: 0,
    held: new HeldRequests(),
    exited: endOf(child),
    kill: () => void child.kill('SIGKILL'),
  }
  return worker
}
