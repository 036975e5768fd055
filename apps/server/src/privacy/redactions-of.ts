import { type LoadedPipeline, type Redaction, toRedaction } from '@kav/core/host'

/** What pipelines take out of what is told of their calls; those that take out nothing are none of them. */
export function redactionsOf(loaded: readonly Pick<LoadedPipeline, 'config'>[]): readonly Redaction[] {
  return loaded.flatMap(({ config }) => toRedaction(config) ?? [])
}
