import { signal, type ReadonlySignal } from '@preact/signals'
import { type ApiError, isApiError } from '../api/api-error.ts'
import { requestJson } from '../api/request.ts'
import type { CallPage, CallSummary } from '@kav/client'
import { type CallSearch, paramsOf, queryOf } from './call-search.ts'

/** What a search has found so far. It grows as it is scrolled. */
export interface FoundCalls {
  readonly calls: ReadonlySignal<readonly CallSummary[]>
  /** `asking`: more is on its way; `more`: there is more; `all`: that was all. */
  readonly state: ReadonlySignal<'asking' | 'more' | 'all' | 'failed'>
  readonly problem: ReadonlySignal<ApiError | undefined>
  /** Asks for the next page, unless one is on its way or there is none. */
  more(): void
  /** Where it was scrolled to, for whoever comes back to it. */
  scrollPx: number
  activeRow: number
}

const PAGE_CALLS = 500

/** Who comes back from a call finds the list as it was left; later than this, calls have come since. */
const KEPT_MS = 120_000

let last: { readonly key: string; readonly atMs: number; readonly found: FoundCalls } | undefined
const round = signal(0)

/** Changes when the same is to be searched once more. */
export const searchRound: ReadonlySignal<number> = round

/** The last search again, as it was left, or a new one. */
export function findCalls(search: CallSearch): FoundCalls {
  const key = paramsOf(search).toString()
  if (last?.key === key && Date.now() - last.atMs < KEPT_MS) return last.found
  last = { key, atMs: Date.now(), found: createFoundCalls(search) }
  return last.found
}

/** What was found is not shown again: calls were erased, or there may be new ones. */
export function forgetFound(): void {
  last = undefined
  round.value++
}

function createFoundCalls(search: CallSearch): FoundCalls {
  const calls = signal<readonly CallSummary[]>([])
  const state = signal<'asking' | 'more' | 'all' | 'failed'>('more')
  const problem = signal<ApiError | undefined>(undefined)
  let cursor: string | undefined

  async function ask(): Promise<void> {
    state.value = 'asking'
    try {
      const query = queryOf(search, { limit: PAGE_CALLS, ...(cursor !== undefined && { cursor }) })
      const page = await requestJson<CallPage>(`/api/history?${query.toString()}`)
      cursor = page.next
      calls.value = [...calls.value, ...page.calls]
      state.value = cursor === undefined ? 'all' : 'more'
    } catch (error) {
      if (!isApiError(error)) throw error
      problem.value = error
      state.value = 'failed'
    }
  }

  const more = (): void => {
    if (state.value === 'more') void ask()
  }
  more()
  return { calls, state, problem, more, scrollPx: 0, activeRow: 0 }
}
