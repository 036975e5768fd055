import { type LoadedPipeline, type Redaction, toRedaction } from '@kav/core/host'

/** What pipelines take out of what is told of their calls; those that take out nothing are none of them. */
export function redactionsOf(loaded: readonly Pick<LoadedPipeline, 'config'>[]): readonly Redaction[] {
  return loaded.flatMap(({ config }) => toRedaction(config) ?? [])
}

/**
 * What is taken out of what is told beside all calls of a process, while files are read anew: calls of those that were
 * replaced may still run. Each rule stands there once, however many pipelines have it.
 */
export class RedactionsSoFar {
  readonly #byRule = new Map<string, Redaction>()

  use(loaded: readonly Pick<LoadedPipeline, 'config'>[]): void {
    for (const { config } of loaded) {
      const redaction = toRedaction(config)
      const rule = JSON.stringify([config.redact, config.conversation.dtmf.private])
      if (redaction !== undefined) this.#byRule.set(rule, redaction)
    }
  }

  readonly all = (): readonly Redaction[] => [...this.#byRule.values()]
}
