import type { ParamWarning } from '@kav/core'
import { toApiLanguage } from './language-code.ts'
import { resolveParams, type GoogleSttParams, type ResolvedParams } from './params.ts'
import {
  AS_OF,
  V2_ONLY_MODEL,
  V2_REGIONS,
  chooseModel,
  isKnown,
  streamingRegions,
} from './streaming-table.ts'

/** Warnings for params that are legal but, as far as is known, will not stream. Pure. */
export function checkParams(given: GoogleSttParams): readonly ParamWarning[] {
  const params = resolveParams(given)
  return params.api === 'v2' ? checkV2(params) : checkV1(params)
}

function checkV2(params: ResolvedParams): readonly ParamWarning[] {
  const warnings: ParamWarning[] = []
  if (params.use_enhanced) {
    warnings.push({
      path: ['use_enhanced'],
      message: 'api v2 has no enhanced variants: it is not sent; choose a model instead',
    })
  }
  if (params.recognizer === '_') {
    warnAboutRegion(params, params.region, ['region'], warnings)
    params.fallback_regions.forEach((region, index) => {
      warnAboutRegion(params, region, ['fallback_regions', index], warnings)
    })
  }
  return warnings
}

function warnAboutRegion(
  params: ResolvedParams,
  region: string,
  path: ParamWarning['path'],
  warnings: ParamWarning[],
): void {
  const language = toApiLanguage(params.language)
  const model = params.model === '' ? chooseModel('v2', language, region, 'stream') : params.model
  const known = isKnown(model, language, region, 'stream')
  if (known === true) return
  const spoken = language === params.language ? language : `${params.language} (${language})`
  const what = V2_REGIONS.includes(region)
    ? `${spoken} with model "${model}" is not known to stream in "${region}"`
    : `"${region}" is not in Google's list of v2 locations, and ${spoken} is not known to stream there`
  const better = streamingRegions(language)
    .slice(0, 3)
    .map((option) => `"${option.region}" (${option.model})`)
  const suggestion =
    better.length === 0
      ? 'check the language with the Locations API'
      : `known to stream it: ${better.join(', ')}`
  warnings.push({ path, message: `${what} (as of ${AS_OF}); ${suggestion}` })
}

function checkV1(params: ResolvedParams): readonly ParamWarning[] {
  const warnings: ParamWarning[] = []
  if (V2_ONLY_MODEL.test(params.model)) {
    warnings.push({
      path: ['model'],
      message: `"${params.model}" exists in api v2 only: the pipeline will not start; set api: v2, or leave the model empty`,
    })
  }
  if (params.use_enhanced && toApiLanguage(params.language) === 'iw-IL') {
    warnings.push({
      path: ['use_enhanced'],
      message: `Hebrew has no enhanced model (as of ${AS_OF}): v1 falls back to the standard one without saying so`,
    })
  }
  if (params.endpointing_sensitivity !== 'standard') {
    warnings.push({
      path: ['endpointing_sensitivity'],
      message: 'api v1 has no endpointing sensitivity: not sent',
    })
  }
  return warnings
}
