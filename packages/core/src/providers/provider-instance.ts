import type { LlmProvider } from '../contracts/llm.ts'
import { createProviderHealth, type HealthParts, type Probe, type ProviderHealth } from './provider-health.ts'
import type { ProviderLabels } from './provider-health.ts'
import { type AnswerWaits, createAnswerWaits } from './answer-waits.ts'
import { type AnswerHabits, habitsOf } from './answer-beginning.ts'

/** One configured provider, made once for the process, as every call is handed it: itself and what is known of it. */
export interface ProviderInstance<Provider> {
  /** The plugin's short name; numbered, or with its language, where a plugin is configured twice. */
  readonly name: string
  readonly provider: Provider
  /** A provider with regions has one for each; any other has one, asked for without a region. */
  healthOf(region?: string): ProviderHealth
  /** In the order they were first asked for. */
  healths(): readonly ProviderHealth[]
  /** Of a language model: how its answers are written. */
  readonly habits: AnswerHabits
  /** Of a language model: how long its answers take. */
  readonly waits: AnswerWaits
  /** Ends the probes. The provider is closed by who made it. */
  close(): void
}

export function createProviderInstance<Provider>(
  about: { kind: ProviderLabels['kind']; name: string; provider: Provider; regions?: readonly string[] },
  parts: HealthParts & { probeOf?: (region: string | undefined) => Probe },
): ProviderInstance<Provider> {
  const { kind, name, provider } = about
  const healths = new Map<string | undefined, ProviderHealth>()

  function healthOf(region?: string): ProviderHealth {
    const known = healths.get(region)
    if (known) return known
    const labels = { kind, provider: name, region: region ?? '' }
    const made = createProviderHealth(labels, parts, parts.probeOf?.(region))
    healths.set(region, made)
    return made
  }

  for (const region of about.regions?.length ? about.regions : [undefined]) healthOf(region)
  return {
    name,
    provider,
    healthOf,
    // What it does not say of itself its first answer tells.
    habits: habitsOf(provider as Pick<LlmProvider, 'thinksFirst'>),
    waits: createAnswerWaits(),
    healths() {
      return [...healths.values()]
    },
    close() {
      for (const health of healths.values()) health.close()
    },
  }
}
