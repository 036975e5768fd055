import type { Figures } from '@kav/client'
import { useEffect, useMemo } from 'preact/hooks'
import { goTo } from '../routing/current-route.ts'
import { Page } from '../shell/page.tsx'
import { Problem } from '../shell/problem.tsx'
import { wordsOf } from '../text/format.ts'
import { CallsNow } from './calls-now.tsx'
import { latencyBySteps } from './histogram.ts'
import { LatencyCurves } from './latency-curves.tsx'
import { OutcomesPanel } from './outcomes-panel.tsx'
import { ProviderTable } from './provider-table.tsx'
import { spanOf } from './shown-span.ts'
import { Totals } from './totals.tsx'
import { watchFigures } from './watch-figures.ts'
import './figures.css'

/** How the service does as a whole. What is shown of it stands in the address. */
export default function FiguresPage({ search }: { search: URLSearchParams }) {
  const end = useMemo(() => new AbortController(), [])
  const watched = useMemo(() => watchFigures(end.signal), [])
  useEffect(() => () => end.abort(), [])
  const figures = watched.answer.value
  const pipeline = search.get('pipeline') ?? undefined

  function show(name: 'span' | 'pipeline', value: string): void {
    const next = new URLSearchParams(search)
    if (value === '') next.delete(name)
    else next.set(name, value)
    goTo({ page: 'figures', search: next }, { replace: true })
  }

  return (
    <Page title="Figures" aside={figures && <State figures={figures} />}>
      {watched.problem.value && <Problem error={watched.problem.value} />}
      {figures && figures.pipelines.length > 1 && (
        <PipelineChoice
          names={figures.pipelines.map(({ name }) => name)}
          chosen={pipeline}
          onChoose={(name) => show('pipeline', name)}
        />
      )}
      {figures && (
        <div class="figures">
          <div class="column">
            <CallsNow figures={figures} watched={watched} />
            <OutcomesPanel
              span={spanOf(search.get('span'))}
              pipeline={pipeline}
              onSpan={(key) => show('span', key)}
            />
            <LatencyCurves latency={latencyBySteps(figures.latency, pipeline)} />
          </div>
          <div class="column">
            <ProviderTable pipelines={figures.pipelines} />
            <Totals figures={figures} />
          </div>
        </div>
      )}
    </Page>
  )
}

function State({ figures: { ready, reason } }: { figures: Figures }) {
  return (
    <span class={`tag ${ready ? 'good' : 'bad'}`}>
      <span class="dot" aria-hidden="true" />
      {ready ? 'Ready for calls' : `Not ready: ${wordsOf(reason ?? 'unknown').toLowerCase()}`}
    </span>
  )
}

function PipelineChoice(props: {
  readonly names: readonly string[]
  readonly chosen: string | undefined
  readonly onChoose: (name: string) => void
}) {
  const { names, chosen = '', onChoose } = props
  return (
    <label class="field pipeline-choice">
      <span>How calls ended, and how long callers waited, of</span>
      <select class="input" value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
        <option value="">All pipelines</option>
        {names.map((name) => (
          <option key={name} value={name} selected={name === chosen}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
