import { type AudioFormat, sameFormat } from '../../contracts/audio.ts'
import { ProviderError } from '../../contracts/errors.ts'
import type { SttProvider } from '../../contracts/stt.ts'
import type { ProviderHealth } from '../../providers/provider-health.ts'
import type { ProviderInstance } from '../../providers/provider-instance.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { capHints } from './cap-hints.ts'

export type NamedStt = ProviderInstance<SttProvider>

/** One way to get a session: a provider in one of its regions. */
export interface SttRoute {
  /** Which instance: `google-stt`, `google-stt#2`. */
  readonly plugin: string
  readonly provider: SttProvider
  readonly region: string | undefined
  /** What the provider will be given; the call's own format when it takes that. */
  readonly format: AudioFormat
  /** What the process knows of it. */
  readonly health: ProviderHealth
}

/** All routes in the order they are tried: each provider's regions, then the next provider's. */
export function listSttRoutes(providers: readonly NamedStt[], callFormat: AudioFormat): readonly SttRoute[] {
  return providers.filter(hasSessions).flatMap((instance) => {
    const { name: plugin, provider } = instance
    const format = sttFormat(instance, callFormat)
    return (provider.regions?.length ? provider.regions : [undefined]).map((region) => ({
      plugin,
      provider,
      region,
      format,
      health: instance.healthOf(region),
    }))
  })
}

export function hasSessions({ provider }: NamedStt): boolean {
  return provider.sessions !== false
}

/** What a recogniser is given of a call: the call's own format where it takes that. */
export function sttFormat({ name, provider }: NamedStt, callFormat: AudioFormat): AudioFormat {
  const format = provider.accepts.find((accepted) => sameFormat(accepted, callFormat)) ?? provider.accepts[0]
  if (!format) throw new ProviderError('bad-request', `${name}: accepts no audio format`)
  return format
}

/** What is asked of a recogniser, with the hints that this one takes; those that are left out are counted. */
export function withinHintCaps<Options extends { readonly hints: readonly string[] }>(
  provider: SttProvider,
  options: Options,
  telemetry: CallTelemetry,
): Options {
  const hints = capHints(options.hints, provider.hintCaps)
  if (hints === options.hints) return options
  telemetry.amountCut('hints', hints.length)
  return { ...options, hints }
}

/** The route as events name it where two are told apart: `google-stt/europe-west1`. */
export function routeName({ plugin, region }: SttRoute): string {
  return region === undefined ? plugin : `${plugin}/${region}`
}
