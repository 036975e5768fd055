import type { Clock, Logger, Metrics } from '@kav/core'
import { attempt, settleWithin } from '@kav/core/kit'
import type { Providers } from '@kav/core/host'

/**
 * As long as a first sentence may take on a bad day, and a fallback's after it. A provider that is dead or hangs keeps
 * nobody longer from taking calls: it has its breaker, and calls their fallbacks.
 */
const WARM_UP_LIMIT_MS = 10_000
const WARM_UP = 'warm-up'

export interface WarmUpParts {
  readonly providers: Pick<Providers, 'llm' | 'tts' | 'tools' | 'languages' | 'sttDenoise' | 'vadDenoise'>
  /** Settles when the greeting is spoken, or cannot be. */
  readonly greeting: Promise<void>
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

/**
 * Opens what the first call would wait for: the connections of models, voices and tools, and the greeting. Resolves when that
 * is done or failed, after `WARM_UP_LIMIT_MS` at the latest. Never rejects.
 */
export async function warmUp({ providers, greeting, clock, log, metrics }: WarmUpParts): Promise<void> {
  const startMs = clock.nowMs()
  const waiting = new Set<string>()
  const awaited = async (name: string, promise: Promise<unknown>): Promise<void> => {
    waiting.add(name)
    await promise.catch(() => undefined)
    waiting.delete(name)
  }
  const voices = [...providers.tts, ...[...providers.languages.values()].flatMap(({ tts }) => tts ?? [])]
  const filters = [providers.sttDenoise ?? [], providers.vadDenoise ?? []].flat()
  const all = [
    awaited('greeting', greeting),
    ...[...providers.llm, ...providers.tools, ...filters].map(({ name, provider }) =>
      awaited(
        name,
        attempt(() => provider.warm?.()),
      ),
    ),
    ...voices.map(({ name, provider }) =>
      awaited(
        name,
        attempt(() => provider.warm?.(WARM_UP)),
      ),
    ),
  ]
  await settleWithin(clock, WARM_UP_LIMIT_MS, Promise.all(all))
  metrics.gauge('warm_up_ms', clock.nowMs() - startMs)
  if (waiting.size > 0)
    log.warn(
      { waiting: [...waiting], limit_ms: WARM_UP_LIMIT_MS },
      'SERVER: not everything is warm, going on',
    )
}
