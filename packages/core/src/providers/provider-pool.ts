import type { LlmProvider } from '../contracts/llm.ts'
import type { RealtimeProvider } from '../contracts/realtime.ts'
import type { SttProvider } from '../contracts/stt.ts'
import type { TtsProvider } from '../contracts/tts.ts'
import type { BreakerState } from './breaker.ts'
import { HEDGE_AFTER_MS } from './hedged-opening.ts'
import { llmProbe, realtimeProbe, sttProbe, ttsProbe } from './probes.ts'
import type { HealthParts, ProviderHealth, ProviderLabels } from './provider-health.ts'
import { createProviderInstance, type ProviderInstance } from './provider-instance.ts'

/** A provider that exists, under the name that tells it from others of its plugin. */
export interface NamedProvider<Provider> {
  readonly name: string
  readonly provider: Provider
}

export interface PoolProviders {
  readonly stt: readonly NamedProvider<SttProvider>[]
  readonly llm: readonly NamedProvider<LlmProvider>[]
  readonly tts: readonly NamedProvider<TtsProvider>[]
  readonly realtime?: NamedProvider<RealtimeProvider>
  readonly languages: ReadonlyMap<
    string,
    { readonly stt?: NamedProvider<SttProvider>; readonly tts?: NamedProvider<TtsProvider> }
  >
}

/** One provider (in one region) as a person sees it. */
export interface ProviderState extends ProviderLabels {
  readonly state: BreakerState
  /** Code of the fault that opened it. */
  readonly code?: string
}

/** As calls are handed them; lists in the order they are tried. */
export interface PooledStages {
  readonly stt: readonly ProviderInstance<SttProvider>[]
  readonly llm: readonly ProviderInstance<LlmProvider>[]
  readonly tts: readonly ProviderInstance<TtsProvider>[]
  readonly realtime?: ProviderInstance<RealtimeProvider>
  readonly languages: ReadonlyMap<
    string,
    {
      readonly stt?: readonly ProviderInstance<SttProvider>[]
      readonly tts?: readonly ProviderInstance<TtsProvider>[]
    }
  >
}

/** The providers of a pipeline with what is known of them: made once, handed to every call. */
export interface ProviderPool {
  readonly stages: PooledStages
  states(): readonly ProviderState[]
  /**
   * Whether each stage has a provider that may work. One that fell down once is not counted as down before a probe has
   * found it so: a lost connection is no reason to take a process out of service.
   */
  able(): boolean
  /** No more probes. */
  close(): void
}

export function createProviderPool(
  providers: PoolProviders,
  parts: HealthParts & {
    firstTokenTimeoutMs: number
    firstAudioTimeoutMs: number
    /** What callers are likely to say; the models' own come with them. */
    hints?: readonly string[]
  },
): ProviderPool {
  const { clock } = parts
  // As a call has them: a recogniser that listens for phrases opens with none.
  const hints = [...(parts.hints ?? []), ...providers.llm.flatMap(({ provider }) => provider.hints ?? [])]
  const opens = { openMs: HEDGE_AFTER_MS, clock, hints }
  const made: ProviderInstance<unknown>[] = []
  const keep = <Provider>(instance: ProviderInstance<Provider>): ProviderInstance<Provider> => {
    made.push(instance)
    return instance
  }
  const hears = ({ name, provider }: NamedProvider<SttProvider>) => {
    const about = { kind: 'stt', name, provider, regions: provider.regions ?? [] } as const
    const probeOf = (region: string | undefined) => sttProbe(provider, region, opens)
    return keep(createProviderInstance(about, { ...parts, probeOf }))
  }
  const thinks = ({ name, provider }: NamedProvider<LlmProvider>) => {
    const probeOf = () => llmProbe(provider, { limitMs: parts.firstTokenTimeoutMs, clock })
    return keep(createProviderInstance({ kind: 'llm', name, provider }, { ...parts, probeOf }))
  }
  const speaks = ({ name, provider }: NamedProvider<TtsProvider>) => {
    const probeOf = () => ttsProbe(provider, { limitMs: parts.firstAudioTimeoutMs, clock })
    return keep(createProviderInstance({ kind: 'tts', name, provider }, { ...parts, probeOf }))
  }
  const converses = ({ name, provider }: NamedProvider<RealtimeProvider>) => {
    const probeOf = () => realtimeProbe(provider, opens)
    return keep(createProviderInstance({ kind: 'realtime', name, provider }, { ...parts, probeOf }))
  }

  const stt = providers.stt.map(hears)
  const llm = providers.llm.map(thinks)
  const tts = providers.tts.map(speaks)
  const realtime = providers.realtime && converses(providers.realtime)
  const languages = new Map(
    [...providers.languages].map(([tag, stages]) => [
      tag,
      { ...(stages.stt && { stt: [hears(stages.stt)] }), ...(stages.tts && { tts: [speaks(stages.tts)] }) },
    ]),
  )
  const needed = [stt, llm, tts, realtime ? [realtime] : []].filter((stage) => stage.length > 0)

  return {
    stages: { stt, llm, tts, languages, ...(realtime && { realtime }) },
    states: () => made.flatMap((instance) => instance.healths().map(stateOf)),
    able() {
      return needed.every((stage) =>
        stage.some((instance) => instance.healths().some((health) => !health.confirmed())),
      )
    },
    close() {
      for (const instance of made) instance.close()
    },
  }
}

function stateOf(health: ProviderHealth): ProviderState {
  const fault = health.fault()
  return { ...health.labels, state: health.state(), ...(fault && { code: fault.code }) }
}
