import { goTo } from '../routing/current-route.ts'
import { type CallSearch, FIELDS, paramsOf } from './call-search.ts'
import { forgetFound } from './found-calls.ts'

const SLOW = [
  { ms: '', label: 'Any' },
  { ms: '1000', label: '1 s or more' },
  { ms: '1500', label: '1.5 s or more' },
  { ms: '2000', label: '2 s or more' },
  { ms: '3000', label: '3 s or more' },
] as const

const OUTCOMES = [
  'caller',
  'agent',
  'transferred',
  'operator',
  'gave-up',
  'limit',
  'failure',
  'transport-error',
  'rejected',
  'shutdown',
  'killed',
  'refused',
] as const

/** The search stands in the address: it can be kept, shared and gone back to. */
export function SearchForm({ search }: { search: CallSearch }) {
  function onSubmit(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const entries = FIELDS.map((name) => [name, String(form.get(name) ?? '')] as const)
    forgetFound()
    goTo({ page: 'calls', search: paramsOf(Object.fromEntries(entries) as unknown as CallSearch) })
  }
  return (
    <form
      class="panel search"
      role="search"
      aria-label="Calls"
      onSubmit={onSubmit}
      key={paramsOf(search).toString()}
    >
      <Field name="text" label="Words that were said" value={search.text} type="search" />
      <Field name="from" label="From" value={search.from} type="tel" />
      <Field name="to" label="To" value={search.to} type="tel" />
      <Field name="outcome" label="Ended by" value={search.outcome} list="outcomes" />
      <Field name="pipeline" label="Pipeline" value={search.pipeline} />
      <label class="field">
        <span>Slowest answer</span>
        <select class="input" name="slow" defaultValue={search.slow}>
          {SLOW.map(({ ms, label }) => (
            <option key={ms} value={ms} selected={ms === search.slow}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <Field name="since" label="First day" value={search.since} type="date" />
      <Field name="until" label="Last day" value={search.until} type="date" />
      <datalist id="outcomes">
        {OUTCOMES.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <div class="search-buttons">
        <button class="button main" type="submit">
          Search
        </button>
        <button
          class="button"
          type="button"
          onClick={() => goTo({ page: 'calls', search: new URLSearchParams() })}
        >
          Clear
        </button>
      </div>
    </form>
  )
}

function Field(props: {
  name: string
  label: string
  value: string
  type?: 'text' | 'search' | 'tel' | 'date'
  list?: string
}) {
  const { name, label, value, type = 'text', list } = props
  return (
    <label class="field">
      <span>{label}</span>
      <input
        class="input"
        name={name}
        type={type}
        list={list}
        defaultValue={value}
        value={value}
        dir={type === 'tel' ? 'ltr' : 'auto'}
        autocomplete="off"
      />
    </label>
  )
}
