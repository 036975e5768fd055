import type { Figures } from '@kav/client'
import { UplotChart } from '../charts/chart.tsx'
import { colourOf } from '../charts/colours.ts'
import type { ChartOptions } from '../charts/load-uplot.ts'
import { wordsOf } from '../text/format.ts'
import type { WatchedFigures } from './watch-figures.ts'

const TIME = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit', second: '2-digit' })

/** How many calls run, since the page was opened and by pipeline. */
export function CallsNow({ figures, watched }: { figures: Figures; watched: WatchedFigures }) {
  const options = (): ChartOptions => ({
    cursor: { show: false },
    legend: { show: false },
    scales: {
      y: { range: (_chart, _min, max) => [0, Math.max(4, Math.ceil((max ?? 0) * 1.1))] },
    },
    axes: [
      {
        stroke: colourOf('ink-soft'),
        grid: { show: false },
        space: 110,
        values: (_chart, ticks) => ticks.map((at) => TIME.format(at * 1000)),
      },
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
  const { running, promised, pipelines } = figures
  return (
    <section class="panel" aria-labelledby="calls-title">
      <header>
        <h2 id="calls-title">Calls now</h2>
        <span>
          <strong class="big number">{running}</strong>
          {promised > 0 && <span class="soft"> and {promised} on their way</span>}
        </span>
      </header>
      <div class="body">
        <UplotChart
          label={`Calls running since this page was opened; now ${running}`}
          height={130}
          options={options}
          data={[seconds, calls]}
          revision={figures}
        />
      </div>
      {pipelines.length > 0 && <ByPipeline pipelines={pipelines} />}
    </section>
  )
}

function ByPipeline({ pipelines }: Pick<Figures, 'pipelines'>) {
  return (
    <div class="scrolls" tabIndex={0} role="group" aria-label="Calls now by pipeline">
      <table class="rows">
        <caption class="only-heard">Calls now by pipeline</caption>
        <thead>
          <tr>
            <th scope="col">Pipeline</th>
            <th scope="col" class="end">
              Running
            </th>
            <th scope="col" class="end">
              On their way
            </th>
            <th scope="col" class="end">
              Room for
            </th>
            <th scope="col">New calls</th>
          </tr>
        </thead>
        <tbody>
          {pipelines.map(({ name, running, promised, free, able, refusing }) => (
            <tr key={name}>
              <th scope="row">
                <bdi>{name}</bdi>
              </th>
              <td class="end number">{running.toLocaleString()}</td>
              <td class="end number">{promised.toLocaleString()}</td>
              <td class="end number">{free?.toLocaleString() ?? 'any number'}</td>
              <td class={refusing === undefined && able ? '' : 'warned'}>
                {refusing !== undefined
                  ? `refused: ${wordsOf(refusing).toLowerCase()}`
                  : able
                    ? 'taken'
                    : 'no provider works'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
