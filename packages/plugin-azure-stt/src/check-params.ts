import type { ParamWarning } from '@kav/core'
import { resolveParams, type AzureSttParams, type ResolvedParams } from './params.ts'
import { isPlainElsewhere } from '@kav/core/kit'
import { AS_OF, checkTokenFile, KNOWN_REGIONS, similarRegion } from '@kav/azure-speech'

/** Warnings for params that are legal but likely wrong. Pure. */
export function checkParams(given: AzureSttParams): readonly ParamWarning[] {
  const params = resolveParams(given)
  const warnings: ParamWarning[] = []
  const own = params.host !== '' || params.endpoint !== ''
  params.fallback_regions.forEach((region, index) => {
    if (!own) checkRegion(params, region, ['fallback_regions', index], warnings)
  })
  if (!own) checkRegion(params, params.region, ['region'], warnings)
  if (!own) checkKeys(params, warnings)
  if (params.segmentation_strategy === 'semantic' && params.segmentation_silence_ms > 0) {
    warnings.push({
      path: ['segmentation_strategy'],
      message:
        'segmentation_silence_ms overrides semantic segmentation: set segmentation_silence_ms to 0 to have it',
    })
  }
  if (params.languages.length > 0 && !params.languages.includes(params.language)) {
    warnings.push({ path: ['languages'], message: `"${params.language}" (language) is not among them` })
  }
  if (params.key !== '' && params.token_file !== '') {
    warnings.push({ path: ['token_file'], message: 'not read: a key is given too, and the key wins' })
  }
  if ((params.key !== '' || params.token_file !== '') && isPlainElsewhere(params.host)) {
    warnings.push({
      path: ['host'],
      message: 'is not encrypted: the key crosses the network readable; use wss',
    })
  }
  return warnings
}

/** The token file of every region that is asked with one. */
export async function checkFiles(given: AzureSttParams, baseDir: string): Promise<readonly ParamWarning[]> {
  const params = resolveParams(given)
  if (params.token_file === '' || params.key !== '') return []
  const regions = params.token_file.includes('{region}') ? [params.region, ...params.fallback_regions] : ['']
  const files = [...new Set(regions.map((region) => params.token_file.replaceAll('{region}', region)))]
  return (await Promise.all(files.map((file) => checkTokenFile(file, baseDir)))).flat()
}

function checkRegion(
  params: ResolvedParams,
  region: string,
  path: ParamWarning['path'],
  warnings: ParamWarning[],
): void {
  if (KNOWN_REGIONS.includes(region) || Object.hasOwn(params.region_hosts, region)) return
  const meant = similarRegion(region)
  warnings.push({
    path,
    message: `"${region}" is not a known region of the Speech service (as of ${AS_OF})${
      meant === undefined ? '' : `; did you mean "${meant}"?`
    }`,
  })
}

function checkKeys(params: ResolvedParams, warnings: ParamWarning[]): void {
  const usesToken = params.token_file !== '' && params.key === ''
  const keyed = (region: string): boolean => Object.hasOwn(params.region_keys, region)
  if (!usesToken && params.key === '' && !keyed(params.region)) {
    warnings.push({ path: ['region'], message: 'no key: set key, region_keys, or token_file' })
  }
  params.fallback_regions.forEach((region, index) => {
    if (region === params.region || keyed(region) || Object.hasOwn(params.region_hosts, region)) return
    if (usesToken && params.token_file.includes('{region}')) return
    warnings.push({
      path: ['fallback_regions', index],
      message: usesToken
        ? `tokens are valid in one region: put {region} into token_file, or "${region}" will refuse the call`
        : `Azure keys are valid in one region: give "${region}" its own under region_keys, or it will refuse the call`,
    })
  })
}
