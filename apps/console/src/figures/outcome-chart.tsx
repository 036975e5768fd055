import type { OutcomeSpan } from '@kav/client'
import { UplotChart } from '../charts/chart.tsx'
import { colourOf } from '../charts/colours.ts'
import type { ChartOptions, Plot } from '../charts/load-uplot.ts'
import { type OutcomeGroup, stackedColumns } from './outcome-groups.ts'
import type { ShownSpan } from './shown-span.ts'
import { spokenSpan } from './spoken-span.ts'

/** Bars on each other. One of them is pointed at, or chosen by arrow keys; for these and screen readers it is a slider. */
export function OutcomeChart(props: {
  readonly spans: readonly OutcomeSpan[]
  readonly groups: readonly OutcomeGroup[]
  readonly by: ShownSpan['by']
  readonly picked: number | undefined
  readonly onPick: (index: number | undefined) => void
}) {
  const { spans, groups, by, picked, onPick } = props
  const last = Math.max(0, spans.length - 1)
  const shown = Math.min(picked ?? last, last)

  function onKeyDown(event: KeyboardEvent): void {
    const next = { ArrowLeft: shown - 1, ArrowRight: shown + 1, Home: 0, End: last }[event.key]
    if (next === undefined) return
    event.preventDefault()
    onPick(Math.min(last, Math.max(0, next)))
  }

  return (
    <div
      class="outcome-chart"
      role="slider"
      tabIndex={0}
      aria-label={`How calls ended, by ${by}`}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={shown}
      aria-valuetext={spans[shown] === undefined ? 'no call' : spokenSpan(spans[shown], by)}
      onKeyDown={onKeyDown}
    >
      <UplotChart
        key={groups.map(({ key }) => key).join(' ')}
        label=""
        height={190}
        options={(plot) => optionsOf(plot, groups)}
        data={[spans.map(middleOf), ...stackedColumns(spans, groups).map((column) => [...column])]}
        revision={spans}
        picked={picked}
        onPick={onPick}
      />
    </div>
  )
}

/** So that a bar stands between the marks of its beginning and its end. */
function middleOf({ since, until }: OutcomeSpan): number {
  return (Date.parse(since) + Date.parse(until)) / 2000
}

function optionsOf(plot: Plot, groups: readonly OutcomeGroup[]): ChartOptions {
  return {
    cursor: { x: true, y: false, points: { show: false }, drag: { x: false, y: false } },
    legend: { show: false },
    scales: {
      x: { range: (chart, min, max) => withHalves(chart.data[0], min, max) },
      y: { range: (_chart, _min, max) => [0, Math.max(4, Math.ceil((max ?? 0) * 1.1))] },
    },
    axes: [
      { stroke: colourOf('ink-soft'), grid: { show: false } },
      {
        stroke: colourOf('ink-soft'),
        grid: { stroke: colourOf('line'), width: 1 },
        size: 52,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000],
      },
    ],
    series: [
      {},
      ...groups.toReversed().map(({ name, colour }) => ({
        label: name,
        fill: colourOf(colour),
        stroke: colourOf(colour),
        width: 0,
        paths: plot.paths.bars!({ size: [0.8, 64] }),
        points: { show: false },
      })),
    ],
  }
}

/** Half of the first and of the last bar would be cut off. */
function withHalves(middles: ArrayLike<number>, min: number, max: number): [number, number] {
  const half = middles.length > 1 ? (middles[1]! - middles[0]!) / 2 : 1800
  return [min - half, max + half]
}
