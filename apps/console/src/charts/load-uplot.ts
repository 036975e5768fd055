import type uPlot from 'uplot'

export type Chart = uPlot
/** What makes charts, and the ways in which they are drawn. */
export type Plot = typeof uPlot
export type ChartOptions = Omit<uPlot.Options, 'width' | 'height'>
export type ChartData = uPlot.AlignedData

/** Comes with the first chart. */
export async function loadUplot(): Promise<Plot> {
  const [{ default: plot }] = await Promise.all([import('uplot'), import('uplot/dist/uPlot.min.css')])
  return plot
}
