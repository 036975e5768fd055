import { KavError } from '../../contracts/index.ts'
import type { Providers } from '../../plugins/create-providers.ts'
import type { LoadedStage, LoadedStages } from '../../plugins/loaded-stages.ts'

/**
 * Filters before a recogniser or a detector that hears no rate of theirs. One error each, with code `KAV_PLUGIN_CREATE`
 * and the filter's `path` in its details, as of a provider that cannot be made.
 */
export function denoiseFaults(
  stages: Pick<LoadedStages, 'sttDenoise' | 'vadDenoise'>,
  providers: Pick<Providers, 'stt' | 'vad' | 'languages' | 'sttDenoise' | 'vadDenoise'>,
): readonly KavError[] {
  const { sttDenoise, vadDenoise, vad } = providers
  const ofLanguages = [...providers.languages.values()].flatMap(({ stt }) => stt ?? [])
  const hearing = [...providers.stt, ...ofLanguages].map(({ name, provider }) => ({
    name: `stt "${name}"`,
    rates: provider.accepts.map(({ sampleRateHz }) => sampleRateHz),
  }))
  const detecting = vad ? [{ name: `vad "${vad.name}"`, rates: [vad.provider.sampleRateHz] }] : []
  return [
    ...unfit(stages.sttDenoise, sttDenoise?.provider.sampleRatesHz, hearing),
    ...unfit(stages.vadDenoise, vadDenoise?.provider.sampleRatesHz, detecting),
  ]
}

function unfit(
  stage: LoadedStage<'denoise'> | undefined,
  takes: readonly number[] | undefined,
  behind: readonly { readonly name: string; readonly rates: readonly number[] }[],
): readonly KavError[] {
  if (stage === undefined || takes === undefined) return []
  return behind.flatMap(({ name, rates }) => {
    if (rates.some((rate) => takes.includes(rate))) return []
    const message = `denoise: plugin "${stage.plugin.name}" (${stage.package}) takes sound at ${takes.join(', ')} Hz, and ${name} hears it at ${[...new Set(rates)].join(', ')} Hz; take it out, or another filter`
    const details = { stage: 'denoise', plugin: stage.plugin.name, package: stage.package, path: stage.path }
    return [new KavError('KAV_PLUGIN_CREATE', message, { details })]
  })
}
