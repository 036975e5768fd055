import { useEffect, useRef } from 'preact/hooks'
import { type Chart, type ChartData, type ChartOptions, loadUplot } from './load-uplot.ts'
import { onColoursChange } from './colours.ts'
import './charts.css'

export interface ChartProps {
  /** What a screen reader says in place of the picture: what is drawn, and the figures that matter. */
  readonly label: string
  readonly height: number
  /** Read again when the colours change. */
  readonly options: () => ChartOptions
  readonly data: ChartData
  /** Another one says that `data`, the same object perhaps, has other content. */
  readonly revision?: unknown
}

/** A uPlot that is as wide as its place. */
export function UplotChart({ label, height, options, data, revision }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<Chart | undefined>(undefined)
  const latest = useRef(data)
  latest.current = data

  useEffect(() => {
    const element = place.current!
    let gone = false
    const draw = async (): Promise<void> => {
      const Plot = await loadUplot()
      if (gone) return
      chart.current?.destroy()
      const width = Math.max(50, element.clientWidth)
      chart.current = new Plot({ ...options(), width, height }, latest.current, element)
    }
    void draw()
    const size = new ResizeObserver(() => chart.current?.setSize({ width: element.clientWidth, height }))
    size.observe(element)
    const forget = onColoursChange(() => void draw())
    return () => {
      gone = true
      forget()
      size.disconnect()
      chart.current?.destroy()
      chart.current = undefined
    }
  }, [height])

  useEffect(() => chart.current?.setData(data), [data, revision])

  return <div class="chart" role="img" aria-label={label} ref={place} style={{ minHeight: `${height}px` }} />
}
