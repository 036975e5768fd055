import { signal, type ReadonlySignal } from '@preact/signals'
import { type ApiError, isApiError } from '../api/api-error.ts'
import { request } from '../api/request.ts'
import { type Figures, figuresOf, type Readiness } from './figures.ts'

const EVERY_MS = 5000
/** Half an hour. */
const MAX_POINTS = 360
const LEAST_SECONDS = 120

export interface WatchedFigures {
  readonly figures: ReadonlySignal<Figures | undefined>
  readonly problem: ReadonlySignal<ApiError | undefined>
  /** Seconds since the Unix epoch, and calls running then: as far back as this page is open. */
  columns(): readonly [number[], (number | null)[]]
}

/** Asks for the figures every few seconds until `end` is aborted. */
export function watchFigures(end: AbortSignal): WatchedFigures {
  const figures = signal<Figures | undefined>(undefined)
  const problem = signal<ApiError | undefined>(undefined)
  // Nothing is known of the time before; but one point by itself has no breadth to draw.
  const seconds = [Math.floor(Date.now() / 1000) - LEAST_SECONDS]
  const calls: (number | null)[] = [null]

  async function ask(): Promise<void> {
    try {
      const [metrics, readiness] = await Promise.all([textOf('/metrics', end), readinessOf(end)])
      const next = figuresOf(metrics, readiness)
      seconds.push(Math.floor(Date.now() / 1000))
      calls.push(next.calls)
      if (seconds.length > MAX_POINTS) for (const column of [seconds, calls]) column.shift()
      figures.value = next
      problem.value = undefined
    } catch (error) {
      if (end.aborted) return
      if (!isApiError(error)) throw error
      problem.value = error
    }
  }

  void ask()
  const timer = setInterval(() => void ask(), EVERY_MS)
  end.addEventListener('abort', () => clearInterval(timer))
  return { figures, problem, columns: () => [seconds, calls] }
}

async function textOf(path: string, signal: AbortSignal): Promise<string> {
  return (await request(path, { signal })).text()
}

/** A process that is not ready says so with 503, and what is known all the same. */
async function readinessOf(signal: AbortSignal): Promise<Readiness> {
  const response = await request('/readyz', { signal, alsoFine: 503 })
  return (await response.json()) as Readiness
}
