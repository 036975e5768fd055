import type { Logger } from '@kav/core'
import type { HttpHost } from '../http-host.ts'
import { endWithoutFail } from '../process/last-resort.ts'
import { STOP_WITHOUT_LIMIT, type StopSignals } from '../process/stop-signals.ts'
import type { CallServer } from './call-server.ts'

/** What a port gets to be closed. */
export const PORT_LIMIT_MS = 200
/** From the end of the draining to the end of the process, whatever hangs. */
const END_LIMIT_MS = 4900

export interface ShutDownParts {
  readonly server: CallServer
  /** Takes the last calls. Absent in a worker, whose parent has it. */
  readonly history?: { hasten(): void; close(): Promise<void> }
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
  await withinTime(limitMs, [server.idle(), second])
  endWithoutFail(END_LIMIT_MS)
  if (server.activeCalls > 0)
    log.warn({ calls: server.activeCalls }, 'SERVER: hanging up on the calls that are left')
  const hurry = new AbortController()
  void second.then(() => stop.next()).then(() => hurry.abort())
  await server.close(hurry.signal)
  await history?.close()
  await withinTime(PORT_LIMIT_MS, [http.close()])
  log.info({}, 'SERVER: stopped')
}

/** Until one of them is settled or the time is up, if there is a limit. */
export async function withinTime(
  limitMs: number | undefined,
  promises: readonly Promise<unknown>[],
): Promise<void> {
  if (limitMs === undefined) return void (await Promise.race(promises))
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs)
  })
  await Promise.race([...promises, limit])
  clearTimeout(timer)
}
