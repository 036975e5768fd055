import type { CallerEvent } from './caller-event.ts'
import type { Interval } from './interval.ts'
import type { PanelWindows } from './windows.ts'

/** A call as it is judged: both tracks in order of time, the agent's joined where its silence is shorter than a tick. */
export interface Tracks {
  readonly words: readonly CallerEvent[]
  readonly agent: readonly Interval[]
  readonly durationMs: number
  readonly windows: PanelWindows
}
