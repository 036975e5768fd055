import { useEffect, useRef } from 'preact/hooks'
import { type Chart, type ChartData, type ChartOptions, loadUplot, type Plot } from './load-uplot.ts'
import { onColoursChange } from './colours.ts'
import './charts.css'

export interface ChartProps {
  /** What a screen reader says in place of the picture: what is drawn, and the figures that matter. */
  readonly label: string
  readonly height: number
  /** Read again when the colours change. */
  readonly options: (plot: Plot) => ChartOptions
  readonly data: ChartData
  /** Another one says that `data`, the same object perhaps, has other content. */
  readonly revision?: unknown
  /** The point that the cursor stands at, and who is told when it is moved; `undefined`: at none. */
  readonly picked?: number | undefined
  readonly onPick?: (index: number | undefined) => void
}

/** A uPlot that is as wide as its place. */
export function UplotChart({ label, height, options, data, revision, picked, onPick }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<Chart | undefined>(undefined)
  const latest = useRef(data)
  latest.current = data
  const told = useRef(onPick)
  told.current = onPick

  useEffect(() => {
    const element = place.current!
    let gone = false
    const draw = async (): Promise<void> => {
      const plot = await loadUplot()
      if (gone) return
      chart.current?.destroy()
      const width = Math.max(50, element.clientWidth)
      const hooks = { setCursor: [({ cursor }: Chart) => told.current?.(cursor.idx ?? undefined)] }
      chart.current = new plot({ ...options(plot), hooks, width, height }, latest.current, element)
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

  useEffect(() => {
    if (picked === undefined || chart.current === undefined || chart.current.cursor.idx === picked) return
    const left = chart.current.valToPos(latest.current[0][picked] ?? 0, 'x')
    chart.current.setCursor({ left, top: 10 })
  }, [picked])

  // Without a name it is part of something that has one.
  return (
    <div
      class="chart"
      role={label === '' ? 'presentation' : 'img'}
      aria-label={label || undefined}
      ref={place}
      style={{ minHeight: `${height}px` }}
    />
  )
}
