import { signal, type ReadonlySignal } from '@preact/signals'
import type { ApiError } from '../api/api-error.ts'
import type { Level, LiveCallDetail } from '@kav/client'
import { watch } from '../api/watch.ts'
import {
  afterEvent,
  afterLevel,
  beginLiveCall,
  type LiveCallState,
  type SeenEvent,
} from './live-call-state.ts'
import { createLevelHistory, type LevelHistory } from './level-history.ts'

export interface LiveCallWatch {
  readonly state: ReadonlySignal<LiveCallState | undefined>
  readonly level: ReadonlySignal<Level | undefined>
  /** What the strips draw; `level` says that it has grown. */
  readonly history: LevelHistory
  readonly line: ReadonlySignal<'open' | 'lost'>
  readonly refused: ReadonlySignal<ApiError | undefined>
}

/** Follows one call until it is over or `end` is aborted. */
export function openLiveCall(id: string, end: AbortSignal): LiveCallWatch {
  const state = signal<LiveCallState | undefined>(undefined)
  const level = signal<Level | undefined>(undefined)
  const line = signal<'open' | 'lost'>('open')
  const refused = signal<ApiError | undefined>(undefined)
  const history = createLevelHistory()
  const over = new AbortController()
  const handlers: Readonly<Record<string, (data: unknown) => void>> = {
    snapshot: (data) => (state.value = beginLiveCall(data as LiveCallDetail)),
    event: (data) => state.value && (state.value = afterEvent(state.value, data as SeenEvent)),
    level(data) {
      const next = data as Level
      history.add(next)
      if (state.value) state.value = afterLevel(state.value, next)
      level.value = next
    },
    ended() {
      if (state.value) state.value = { ...state.value, ended: true }
      over.abort()
    },
  }
  const watcher = {
    onEvent: (event: string, data: unknown) => handlers[event]?.(data),
    onState: (next: 'open' | 'lost') => void (line.value = next),
    onRefused(error: ApiError) {
      // It ended while the line was lost.
      if (error.status === 404 && state.value) state.value = { ...state.value, ended: true }
      else refused.value = error
    },
  }
  const path = `/api/calls/${encodeURIComponent(id)}/events`
  void watch(path, watcher, AbortSignal.any([end, over.signal]))
  return { state, level, history, line, refused }
}
