import { type Clock, type DenoiseProvider, type Logger, type Metrics, ProviderError } from '@kav/core'
import { DENOISE_DELAY_MS } from './denoiser.ts'
import { openWorkerLink, type WorkerLink } from './worker-link.ts'

export interface RnnoiseProviderOptions {
  /** Most threads. */
  readonly workers: number
  readonly log: Logger
  readonly metrics: Metrics
  readonly clock: Clock
  /** Another worker file, for tests of its faults. */
  readonly workerUrl?: URL
}

/** Some half of a core. */
const SESSIONS_A_WORKER = 8
/** Workers that die as they start would otherwise be started with each caller; doubled at each death. */
const FIRST_PAUSE_MS = 500
const LAST_PAUSE_MS = 30_000

/** RNNoise for all calls of the process, in threads of its own. */
export function createRnnoiseProvider(options: RnnoiseProviderOptions): DenoiseProvider {
  const { clock } = options
  const links = new Set<WorkerLink>()
  let isClosed = false
  let pauseMs = FIRST_PAUSE_MS
  let startAtMs = -Infinity

  function start(): WorkerLink {
    if (clock.nowMs() < startAtMs)
      throw new ProviderError('network', 'The denoise worker died a moment ago, and is not started yet')
    const startedMs = clock.nowMs()
    const link = openWorkerLink({ ...options, onDeath: (dead) => onDeath(dead, startedMs) })
    links.add(link)
    return link
  }

  function onDeath(link: WorkerLink, startedMs: number): void {
    links.delete(link)
    const nowMs = clock.nowMs()
    if (nowMs - startedMs > LAST_PAUSE_MS) pauseMs = FIRST_PAUSE_MS
    startAtMs = nowMs + pauseMs
    pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS)
  }

  /** The ready one with the fewest callers. One that starts takes a second or so: it is begun in time, and not waited for. */
  function linkForOneMore(): WorkerLink {
    const ready = [...links].filter(({ isReady }) => isReady).sort((a, b) => a.sessions - b.sessions)
    const [least] = ready
    const areFull = least === undefined || least.sessions >= SESSIONS_A_WORKER - 1
    const mayStart = links.size === ready.length && links.size < options.workers
    if (least) {
      if (areFull && mayStart && clock.nowMs() >= startAtMs) start()
      return least
    }
    const [starting = start()] = links
    return starting
  }

  function refuseClosed(): void {
    if (isClosed) throw new ProviderError('cancelled', 'The noise filter is closed')
  }

  return {
    sampleRatesHz: [8000, 16_000, 24_000, 48_000],
    delayMs: DENOISE_DELAY_MS,
    async warm() {
      refuseClosed()
      const [link = start()] = links
      await link.ready
    },
    openSession(sampleRateHz) {
      refuseClosed()
      return linkForOneMore().openSession(sampleRateHz)
    },
    async close() {
      isClosed = true
      await Promise.all([...links].map((link) => link.close()))
      links.clear()
    },
  }
}
