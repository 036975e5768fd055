import type uPlot from 'uplot'

export type Chart = uPlot
export type ChartOptions = Omit<uPlot.Options, 'width' | 'height'>
export type ChartData = uPlot.AlignedData

/** Comes with the first chart. */
export async function loadUplot(): Promise<typeof uPlot> {
  const [{ default: Plot }] = await Promise.all([import('uplot'), import('uplot/dist/uPlot.min.css')])
  return Plot
}
