import { type LoadedPipeline, periodMs } from '@kav/core/host'

export type Keep = LoadedPipeline['config']['keep']

/** Of those who share something, in ms. `undefined`: somebody keeps it for ever, or nobody shares it. */
export function longestKept(keeps: readonly Keep[], field: keyof Keep): number | undefined {
  const periods = keeps.map((keep) => keep[field])
  if (periods.length === 0 || periods.includes(undefined)) return undefined
  return Math.max(...periods.map((period) => periodMs(period!)))
}
