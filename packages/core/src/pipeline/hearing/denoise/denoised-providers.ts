import type { DenoiseProvider } from '../../../contracts/denoise.ts'
import type { SttProvider } from '../../../contracts/stt.ts'
import type { VadProvider } from '../../../contracts/vad.ts'
import { limitLog } from '../../../kit/limit-log.ts'
import type { NamedProvider, PoolProviders } from '../../../providers/index.ts'
import { createDenoiseStage, type DenoiseStageParts } from './denoise-stage.ts'
import { denoisedStt } from './denoised-stt.ts'
import { denoisedVad } from './denoised-vad.ts'

export interface DenoisableProviders extends Pick<PoolProviders, 'stt' | 'languages'> {
  readonly vad?: NamedProvider<VadProvider>
  readonly sttDenoise?: NamedProvider<DenoiseProvider>
  readonly vadDenoise?: NamedProvider<DenoiseProvider>
}

/**
 * The providers as calls get them: each recogniser, and the voice detector, behind the filter that is configured for
 * it. Where none is, they are the providers themselves.
 */
export function denoisedProviders<Given extends DenoisableProviders>(
  providers: Given,
  parts: Omit<DenoiseStageParts, 'name' | 'provider'>,
): Given {
  const { stt, languages, vad, sttDenoise, vadDenoise } = providers
  const log = limitLog(parts)
  const stageOf = (named: NamedProvider<DenoiseProvider> | undefined) =>
    named && createDenoiseStage({ ...named, ...parts, log })
  const beforeStt = stageOf(sttDenoise)
  const beforeVad = stageOf(vadDenoise)
  const hears = <Named extends NamedProvider<SttProvider>>(named: Named): Named =>
    beforeStt ? { ...named, provider: denoisedStt(named.provider, beforeStt, parts.clock) } : named
  return {
    ...providers,
    stt: stt.map(hears),
    languages: new Map(
      [...languages].map(([tag, stages]) => [
        tag,
        stages.stt ? { ...stages, stt: hears(stages.stt) } : stages,
      ]),
    ),
    ...(vad && { vad: beforeVad ? { ...vad, provider: denoisedVad(vad.provider, beforeVad) } : vad }),
  }
}
