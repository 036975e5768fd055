import type { Figures } from '@kav/client'
import { requestJson } from '../api/request.ts'
import { askAgain, type AskedAgain } from './ask-again.ts'

const EVERY_MS = 5000
/** Half an hour. */
const MAX_POINTS = 360
const LEAST_SECONDS = 120

export interface WatchedFigures extends AskedAgain<Figures> {
  /** Seconds since the Unix epoch, and calls running then: as far back as this page is open. */
  columns(): readonly [number[], (number | null)[]]
}

/** Asks for the figures every few seconds until `end` is aborted. */
export function watchFigures(end: AbortSignal): WatchedFigures {
  // Nothing is known of the time before; but one point by itself has no breadth to draw.
  const seconds = [Math.floor(Date.now() / 1000) - LEAST_SECONDS]
  const calls: (number | null)[] = [null]

  async function ask(): Promise<Figures> {
    const figures = await requestJson<Figures>('/api/figures', { signal: end })
    seconds.push(Math.floor(Date.now() / 1000))
    calls.push(figures.running)
    if (seconds.length > MAX_POINTS) for (const column of [seconds, calls]) column.shift()
    return figures
  }

  return { ...askAgain(ask, EVERY_MS, end), columns: () => [seconds, calls] }
}
