import { signal, type ReadonlySignal } from '@preact/signals'
import type { ApiError } from '../api/api-error.ts'
import { requestJson } from '../api/request.ts'
import type { CallChange, LiveCall } from '@kav/client'
import { watch } from '../api/watch.ts'
import { afterChange, newestFirst } from './running-calls.ts'

export interface LiveCalls {
  /** Undefined until the server has told them; those that began last come first. */
  readonly calls: ReadonlySignal<readonly LiveCall[] | undefined>
  readonly line: ReadonlySignal<'open' | 'lost'>
  readonly refused: ReadonlySignal<ApiError | undefined>
}

/** Changes are told as they come; who speaks, and which turn it is, is asked for. */
const LOOK_EVERY_MS = 4000

/** Follows all calls of the server until `end` is aborted. */
export function openLiveCalls(end: AbortSignal): LiveCalls {
  const calls = signal<readonly LiveCall[] | undefined>(undefined)
  const line = signal<'open' | 'lost'>('open')
  const refused = signal<ApiError | undefined>(undefined)
  const watcher = {
    onEvent(event: string, data: unknown) {
      if (event === 'snapshot') calls.value = newestFirst((data as { calls: readonly LiveCall[] }).calls)
      else if (event === 'call') calls.value = afterChange(calls.value ?? [], data as CallChange)
    },
    onState: (state: 'open' | 'lost') => void (line.value = state),
    onRefused: (error: ApiError) => void (refused.value = error),
  }
  void watch('/api/events', watcher, end)
  const look = async (): Promise<void> => {
    if (line.value === 'lost' || document.hidden || !calls.value?.length) return
    const known = calls.value
    const { calls: now } = await requestJson<{ calls: readonly LiveCall[] }>('/api/calls', { signal: end })
    // What was told meanwhile is newer than the answer.
    if (calls.value === known) calls.value = newestFirst(now)
  }
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS)
  end.addEventListener('abort', () => clearInterval(timer))
  return { calls, line, refused }
}
