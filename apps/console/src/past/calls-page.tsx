import { useMemo } from 'preact/hooks'
import { Page } from '../shell/page.tsx'
import { Problem } from '../shell/problem.tsx'
import { CallList } from './call-list.tsx'
import { searchOf } from './call-search.ts'
import { findCalls, type FoundCalls, searchRound } from './found-calls.ts'
import { SearchForm } from './search-form.tsx'
import './past.css'

/** The calls that are over, searched. */
export default function CallsPage({ search }: { search: URLSearchParams }) {
  const key = `${search.toString()} ${searchRound.value}`
  const found = useMemo(() => findCalls(searchOf(search)), [key])
  const { problem, state, calls } = found
  return (
    <Page
      title="Calls"
      aside={
        <span class="soft" role="status">
          {statusOf(found)}
        </span>
      }
    >
      <SearchForm search={searchOf(search)} />
      {problem.value && <Problem error={problem.value} />}
      {calls.value.length > 0 && <CallList found={found} key={key} />}
      {state.value === 'all' && calls.value.length === 0 && (
        <p class="panel empty">{search.size === 0 ? 'No call is kept yet.' : 'No call is like this.'}</p>
      )}
    </Page>
  )
}

function statusOf({ state, calls }: FoundCalls): string {
  const count = calls.value.length
  if (state.value === 'asking' && count === 0) return 'Searching…'
  if (state.value === 'failed') return ''
  const found = count === 1 ? '1 call' : `${count.toLocaleString()} calls`
  return state.value === 'all' ? found : `${found} and more`
}
