import { UplotChart } from './chart.tsx'
import { colourOf } from './colours.ts'
import type { ChartData, ChartOptions } from './load-uplot.ts'

/** One figure over time, without axes: its value now stands beside its name. */
export function Strip(props: {
  readonly name: string
  readonly now: string
  readonly data: ChartData
  readonly revision: unknown
  readonly colour: 'accent' | 'caller' | 'danger'
  /** What is at least the top of it, so that little looks little. */
  readonly top: number
}) {
  const { name, now, data, revision, colour, top } = props
  const options = (): ChartOptions => ({
    cursor: { show: false },
    legend: { show: false },
    axes: [{ show: false }, { show: false }],
    padding: [2, 0, 2, 0],
    scales: { x: { time: false }, y: { range: (_chart, _min, max) => [0, Math.max(top, max ?? 0)] } },
    series: [{}, { stroke: colourOf(colour), width: 1.5, points: { show: false }, fill: colourOf('raised') }],
  })
  return (
    <div class="strip">
      <div>
        <span>{name}</span>
        <span class="number">{now}</span>
      </div>
      <UplotChart
        label={`${name}, the last two minutes; now ${now}`}
        height={34}
        options={options}
        data={data}
        revision={revision}
      />
    </div>
  )
}
