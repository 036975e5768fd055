import type { Logger } from '@kav/core'
import type { HttpHost } from '../http-host.ts'
import { endWithoutFail, leftMs } from '../process/last-resort.ts'
import { STOP_WITHOUT_LIMIT, type StopSignals } from '../process/stop-signals.ts'
import type { CallServer } from './call-server.ts'

/** From the end of the draining to the end of the process, whatever hangs. */
export const END_LIMIT_MS = 4900

/**
 * The steps of the end in their order: what each may take, and what it leaves of the time to the end for those behind
 * it. So however many hang, the last one is reached, and the process ends by itself.
 */
const STEPS = {
  calls: { limitMs: Infinity, keptMs: 1000 },
  history: { limitMs: Infinity, keptMs: 750 },
  port: { limitMs: 200, keptMs: 700 },
  directory: { limitMs: 1000, keptMs: 600 },
  'operator’s port': { limitMs: 200, keptMs: 550 },
  /** The log's. */
  'last words': { limitMs: 500, keptMs: 500 },
} as const
type Step = keyof typeof STEPS
const LEAST_MS = 20

/** How long one step may take now. */
export function limitOf(step: Step): number {
  const { limitMs, keptMs } = STEPS[step]
  return Math.min(limitMs, Math.max(LEAST_MS, leftMs() - keptMs))
}

/** Waits for a step, as long as there is time for it. What is not done by then is told; it never rejects for that. */
export async function stepOfEnd(step: Step, log: Logger, done: Promise<unknown>): Promise<void> {
  if (!(await withinTime(limitOf(step), [done]))) log.warn({ step }, 'SERVER: not closed in its time')
}

export interface ShutDownParts {
  readonly server: CallServer
  /** Takes the last calls. Absent in a worker, whose parent has it. */
  readonly history?: { hasten(): void; close(withinMs: number): Promise<void> }
  readonly http: Pick<HttpHost, 'close'>
  readonly log: Logger
  readonly stop: StopSignals
  readonly why: string
  /** Absent: no limit. */
  readonly drainMs: number | undefined
}

/**
 * Drains, hangs up what is left, writes its files, closes. A second request to stop ends the draining, a third the
 * wait for calls that do not end.
 */
export async function shutDown({
  server,
  history,
  http,
  log,
  stop,
  why,
  drainMs,
}: ShutDownParts): Promise<void> {
  server.drain()
  history?.hasten()
  const limitMs = why === STOP_WITHOUT_LIMIT ? undefined : drainMs
  log.info({ signal: why, calls: server.activeCalls, drain_ms: limitMs }, 'SERVER: draining, no new calls')
  const second = stop.next()
  await withinTime(limitMs ?? Infinity, [server.idle(), second])
  endWithoutFail(END_LIMIT_MS)
  if (server.activeCalls > 0)
    log.warn({ calls: server.activeCalls }, 'SERVER: hanging up on the calls that are left')
  const hurry = new AbortController()
  void second.then(() => stop.next()).then(() => hurry.abort())
  await stepOfEnd('calls', log, server.close(hurry.signal))
  if (history) await stepOfEnd('history', log, history.close(limitOf('history')))
  await stepOfEnd('port', log, http.close())
  log.info({}, 'SERVER: stopped')
}

/** Until one of them is settled or the time is up; `false`: it is. */
async function withinTime(limitMs: number, promises: readonly Promise<unknown>[]): Promise<boolean> {
  const settled = Promise.race(promises).then(() => true)
  if (limitMs === Infinity) return settled
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, limitMs, false)
  })
  return Promise.race([settled, limit]).finally(() => clearTimeout(timer))
}
