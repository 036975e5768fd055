import type { LlmUsage } from '../contracts/llm.ts'
import type { Metrics } from '../contracts/metrics.ts'
import { type Amount, isUsage, MAX_USAGE } from './amount.ts'

/**
 * What one provider has done for one call, as its bill counts it. `counted_by` tells who did: where a provider says
 * nothing, the core counts what it gave to it, and the bill may differ.
 */
export type ProviderUsage = { readonly plugin: string } & (
  | { readonly kind: 'stt'; readonly audio_ms: number; readonly counted_by: CountedBy }
  | { readonly kind: 'tts'; readonly characters: number; readonly counted_by: CountedBy }
  | {
      readonly kind: 'llm' | 'realtime'
      readonly input_tokens: number
      readonly output_tokens: number
      /** Those of `input_tokens` that the provider had in its cache. */
      readonly cached_input_tokens: number
    }
)

/** `both`: the provider told some of it, and the core counted the rest. */
export type CountedBy = 'provider' | 'core' | 'both'

/** What is billed of one call, summed by provider, and added to the counters of the process as it comes. */
export class CallUsage {
  readonly #metrics: Metrics
  readonly #onCut: (what: Amount, limit: number) => void
  /** By provider, in the order in which they first did something: a few. */
  readonly #sums: ProviderUsage[] = []

  constructor(metrics: Metrics, onCut: (what: Amount, limit: number) => void) {
    this.#metrics = metrics
    this.#onCut = onCut
  }

  /** Audio that a recogniser was given. */
  heard(plugin: string, audioMs: number, countedBy: 'provider' | 'core'): void {
    const whole = Number.isFinite(audioMs) ? Math.round(audioMs) : audioMs
    const audio_ms = this.#sane('usage_audio_ms', whole)
    if (audio_ms === 0) return
    this.#metrics.count('stt_audio_ms_total', audio_ms, { plugin })
    this.#add({ kind: 'stt', plugin, audio_ms, counted_by: countedBy })
  }

  /** Characters that a voice was given to speak. `false`: that is no figure, and nothing was counted. */
  spoke(plugin: string, given: number, countedBy: 'provider' | 'core'): boolean {
    const characters = this.#sane('usage_characters', given)
    this.#metrics.count('tts_characters_total', characters, { plugin })
    if (characters !== given) return false
    this.#add({ kind: 'tts', plugin, characters, counted_by: countedBy })
    return true
  }

  /** Tokens that a model read and wrote. */
  thought(kind: 'llm' | 'realtime', plugin: string, told: LlmUsage): void {
    const input_tokens = this.#sane('usage_tokens', told.inputTokens)
    const output_tokens = this.#sane('usage_tokens', told.outputTokens)
    const cached_input_tokens = this.#sane('usage_tokens', told.cachedInputTokens ?? 0)
    this.#metrics.count('llm_input_tokens_total', input_tokens)
    this.#metrics.count('llm_output_tokens_total', output_tokens)
    this.#metrics.count('llm_cached_input_tokens_total', cached_input_tokens)
    this.#add({ kind, plugin, input_tokens, output_tokens, cached_input_tokens })
  }

  /** By provider, in the order in which they first did something. */
  get sums(): Iterable<ProviderUsage> {
    return this.#sums
  }

  #add(more: ProviderUsage): void {
    const known = this.#sums.findIndex(({ kind, plugin }) => kind === more.kind && plugin === more.plugin)
    if (known < 0) this.#sums.push(more)
    else this.#sums[known] = summed(this.#sums[known]!, more)
  }

  #sane(what: Amount, figure: number): number {
    if (isUsage(figure)) return figure
    this.#onCut(what, MAX_USAGE)
    return 0
  }
}

/** Both are of one provider and kind, so they have the same figures. */
function summed(before: ProviderUsage, more: ProviderUsage): ProviderUsage {
  const figures = Object.entries(before).map(([name, value]: [string, unknown]) => {
    const added: unknown = Object.entries(more).find(([other]) => other === name)?.[1]
    if (typeof value === 'number') return [name, value + Number(added)]
    return [name, value === added ? value : 'both']
  })
  return Object.fromEntries(figures) as ProviderUsage
}
