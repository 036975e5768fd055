import type { Figures, OutcomesOverTime } from '@kav/client'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { requestJson } from '../api/request.ts'
import { Problem } from '../shell/problem.tsx'
import { askAgain } from './ask-again.ts'
import { OutcomeChart } from './outcome-chart.tsx'
import { callsIn, groupsIn } from './outcome-groups.ts'
import { OutcomeTable } from './outcome-table.tsx'
import { SHOWN_SPANS, type ShownSpan, spanQuery } from './shown-span.ts'
import { spokenSpan } from './spoken-span.ts'

const EVERY_MS = 60_000

/** How calls ended, hour by hour or day by day. */
export function OutcomesPanel(props: {
  readonly span: ShownSpan
  readonly pipeline: string | undefined
  readonly onSpan: (key: string) => void
}) {
  const { span, pipeline, onSpan } = props
  const end = useMemo(() => new AbortController(), [span, pipeline])
  const asked = useMemo(() => {
    const ask = () =>
      requestJson<Figures>(`/api/figures?${spanQuery(span, pipeline).toString()}`, { signal: end.signal })
    return askAgain(ask, EVERY_MS, end.signal)
  }, [end])
  useEffect(() => () => end.abort(), [end])
  const outcomes = asked.answer.value?.outcomes
  return (
    <section class="panel" aria-labelledby="outcomes-title">
      <header>
        <h2 id="outcomes-title">How calls ended</h2>
        <select
          class="input"
          aria-label="Time shown"
          value={span.key}
          onChange={(event) => onSpan(event.currentTarget.value)}
        >
          {SHOWN_SPANS.map(({ key, name }) => (
            <option key={key} value={key} selected={key === span.key}>
              {name}
            </option>
          ))}
        </select>
      </header>
      {asked.problem.value && <Problem error={asked.problem.value} />}
      <div class="body column outcomes">
        {outcomes === undefined ? (
          <p class="soft">Counting…</p>
        ) : (
          <Outcomes outcomes={outcomes} by={span.by} />
        )}
      </div>
    </section>
  )
}

function Outcomes({ outcomes, by }: { outcomes: OutcomesOverTime; by: ShownSpan['by'] }) {
  const { spans, from } = outcomes
  const groups = useMemo(() => groupsIn(spans), [spans])
  const [picked, setPicked] = useState<number>()
  const calls = spans.reduce((sum, span) => sum + callsIn(span), 0)
  return (
    <>
      <OutcomeChart spans={spans} groups={groups} by={by} picked={picked} onPick={setPicked} />
      <p class="picked number" aria-hidden="true">
        {picked === undefined || spans[picked] === undefined
          ? `${calls.toLocaleString()} calls in all`
          : spokenSpan(spans[picked], by)}
      </p>
      <ul class="legend">
        {groups.map((group) => (
          <li key={group.key}>
            <span class={`swatch ${group.colour}`} aria-hidden="true" />
            {group.name}{' '}
            <span class="number">
              {spans.reduce((sum, span) => sum + group.countOf(span), 0).toLocaleString()}
            </span>
          </li>
        ))}
      </ul>
      {from === 'process' && (
        <p class="soft">
          No store keeps the calls: these are those that ended since the process began. A pipeline with{' '}
          <code>store:</code> keeps them longer.
        </p>
      )}
      {calls > 0 && <OutcomeTable spans={spans} groups={groups} by={by} />}
    </>
  )
}
