import { useEffect, useMemo } from 'preact/hooks'
import { UplotChart } from '../charts/chart.tsx'
import { colourOf } from '../charts/colours.ts'
import type { ChartOptions } from '../charts/load-uplot.ts'
import { Page } from '../shell/page.tsx'
import { Problem } from '../shell/problem.tsx'
import { wordsOf } from '../text/format.ts'
import type { Figures, ProviderHealth } from './figures.ts'
import { LatencyCurves } from './latency-curves.tsx'
import { type WatchedFigures, watchFigures } from './watch-figures.ts'
import './figures.css'

/** How the process does as a whole. */
export default function FiguresPage() {
  const end = useMemo(() => new AbortController(), [])
  const watched = useMemo(() => watchFigures(end.signal), [])
  useEffect(() => () => end.abort(), [])
  const figures = watched.figures.value
  return (
    <Page title="Figures" aside={figures && <State figures={figures} />}>
      {watched.problem.value && <Problem error={watched.problem.value} />}
      {figures && (
        <div class="figures">
          <div class="column">
            <Running figures={figures} watched={watched} />
            <LatencyCurves latency={figures.latency} />
          </div>
          <div class="column">
            <Providers providers={figures.providers} />
            <Totals totals={figures.totals} />
          </div>
        </div>
      )}
    </Page>
  )
}

function State({ figures }: { figures: Figures }) {
  return (
    <span class={`tag ${figures.ready ? 'good' : 'bad'}`}>
      <span class="dot" aria-hidden="true" />
      {figures.ready ? 'Ready for calls' : `Not ready: ${wordsOf(figures.reason ?? 'unknown').toLowerCase()}`}
    </span>
  )
}

function Running({ figures, watched }: { figures: Figures; watched: WatchedFigures }) {
  const options = (): ChartOptions => ({
    cursor: { show: false },
    legend: { show: false },
    scales: {
      y: { range: (_chart, _min, max) => [0, Math.max(4, Math.ceil((max ?? 0) * 1.1))] },
    },
    axes: [
      { stroke: colourOf('ink-soft'), grid: { show: false } },
      {
        stroke: colourOf('ink-soft'),
        grid: { stroke: colourOf('line'), width: 1 },
        size: 40,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200],
      },
    ],
    series: [{}, { stroke: colourOf('accent'), width: 2, points: { show: false } }],
  })
  const [seconds, calls] = watched.columns()
  return (
    <section class="panel" aria-labelledby="calls-title">
      <header>
        <h2 id="calls-title">Calls now</h2>
        <span>
          <strong class="big number">{figures.calls}</strong>
          {figures.promised > 0 && <span class="soft"> and {figures.promised} on their way</span>}
        </span>
      </header>
      <div class="body">
        <UplotChart
          label={`Calls running since this page was opened; now ${figures.calls}`}
          height={130}
          options={options}
          data={[seconds, calls]}
          revision={figures}
        />
      </div>
    </section>
  )
}

const HEALTH = {
  closed: { word: 'well', looks: 'good', sign: '●' },
  'half-open': { word: 'being tried', looks: 'warn', sign: '◐' },
  open: { word: 'down', looks: 'bad', sign: '○' },
} as const

function Providers({ providers }: { providers: readonly ProviderHealth[] }) {
  return (
    <section class="panel" aria-labelledby="providers-title">
      <header>
        <h2 id="providers-title">Providers</h2>
      </header>
      <div class="scrolls" tabIndex={0} role="group" aria-label="Providers by state">
        <table class="rows wraps" aria-labelledby="providers-title">
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">Provider</th>
              <th scope="col">For</th>
            </tr>
          </thead>
          <tbody>
            {providers.map(({ pipeline, kind, provider, region, state, code }) => (
              <tr key={`${pipeline} ${kind} ${provider} ${region}`}>
                <td class={HEALTH[state].looks}>
                  <span aria-hidden="true">{HEALTH[state].sign}</span> {HEALTH[state].word}
                  {code !== undefined && <div class="code-of">{codeOf(code)}</div>}
                </td>
                <th scope="row">
                  <bdi>{provider}</bdi> <span class="soft">{[kind, region].filter(Boolean).join(', ')}</span>
                </th>
                <td>
                  <bdi>{pipeline}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {providers.length === 0 && <p class="empty">No pipeline runs.</p>}
      </div>
    </section>
  )
}

/** `KAV_PROVIDER_UNREACHABLE` → `unreachable`. */
function codeOf(code: string): string {
  return wordsOf(code.replace(/^KAV_(PROVIDER_)?/, '')).toLowerCase()
}

function Totals({ totals }: Pick<Figures, 'totals'>) {
  return (
    <section class="panel" aria-labelledby="totals-title">
      <header>
        <h2 id="totals-title">Since the process began</h2>
      </header>
      <dl class="body totals">
        {totals.map(({ name, value, bad }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class={`number ${bad && value > 0 ? 'warned' : ''}`}>{value.toLocaleString()}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
