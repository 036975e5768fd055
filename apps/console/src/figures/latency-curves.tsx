import { colourOf } from '../charts/colours.ts'
import { UplotChart } from '../charts/chart.tsx'
import type { ChartData, ChartOptions } from '../charts/load-uplot.ts'
import { latencyOf } from '../text/format.ts'
import { type Histogram, type LatencyStep, quantileOf, STEPS } from './histogram.ts'

const LOOKS = {
  turn_end: { name: 'Turn end', colour: 'caller', dash: [2, 3] },
  first_token: { name: 'First token', colour: 'warn', dash: [8, 4] },
  first_audio: { name: 'First audio', colour: 'unheard', dash: [10, 3, 2, 3] },
  first_frame: { name: 'First frame', colour: 'accent', dash: [] },
} as const satisfies Record<LatencyStep, unknown>

interface Latency {
  readonly latency: Readonly<Record<LatencyStep, Histogram>>
}

/** How many turns had got to each step by when; the lines differ in their dashes, too. */
export function LatencyCurves({ latency }: Latency) {
  const options = (): ChartOptions => ({
    scales: { x: { time: false }, y: { range: [0, 100] } },
    axes: [
      {
        stroke: colourOf('ink-soft'),
        grid: { stroke: colourOf('line'), width: 1 },
        values: (_chart, ticks) => ticks.map((at) => `${at} s`),
      },
      {
        stroke: colourOf('ink-soft'),
        grid: { stroke: colourOf('line'), width: 1 },
        size: 58,
        values: (_chart, ticks) => ticks.map((at) => `${at} %`),
      },
    ],
    legend: { show: false },
    series: [
      {},
      ...STEPS.map((step) => ({
        label: LOOKS[step].name,
        stroke: colourOf(LOOKS[step].colour),
        width: 2,
        dash: [...LOOKS[step].dash],
        points: { show: false },
      })),
    ],
  })
  return (
    <section class="panel" aria-labelledby="latency-title">
      <header>
        <h2 id="latency-title">How long callers waited, by stage</h2>
        <span class="soft">share of turns that had got there, since the process began</span>
      </header>
      <div class="body column">
        <UplotChart
          label="Share of turns by time; the table below has the figures"
          height={230}
          options={options}
          data={dataOf(latency)}
        />
        <LatencyTable latency={latency} />
      </div>
    </section>
  )
}

function LatencyTable({ latency }: Latency) {
  return (
    <div class="scrolls" tabIndex={0} role="group" aria-label="Latency by stage">
      <table class="rows">
        <caption class="only-heard">Latency from the end of the caller’s speech</caption>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col" class="end">
              Turns
            </th>
            <th scope="col" class="end">
              Half within
            </th>
            <th scope="col" class="end">
              95 % within
            </th>
            <th scope="col" class="end">
              99 % within
            </th>
          </tr>
        </thead>
        <tbody>
          {STEPS.map((step) => (
            <tr key={step}>
              <th scope="row">
                <span class={`swatch ${LOOKS[step].colour}`} aria-hidden="true" />
                {LOOKS[step].name}
              </th>
              <td class="end number">{latency[step].count.toLocaleString()}</td>
              {[0.5, 0.95, 0.99].map((quantile) => (
                <td key={quantile} class="end number">
                  {waitOf(quantileOf(latency[step], quantile))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function waitOf(ms: number | undefined): string {
  return ms === undefined ? '–' : latencyOf(ms)
}

/** Borders of all steps in one column; from nothing at 0. */
function dataOf(latency: Latency['latency']): ChartData {
  const borders = [...new Set(STEPS.flatMap((step) => latency[step].upToMs))].sort(
    (one, other) => one - other,
  )
  const shares = STEPS.map((step) => {
    const { upToMs, counts, count } = latency[step]
    return [
      0,
      ...borders.map((border) => (count === 0 ? 0 : (100 * (counts[upToMs.indexOf(border)] ?? 0)) / count)),
    ]
  })
  return [[0, ...borders.map((border) => border / 1000)], ...shares]
}
