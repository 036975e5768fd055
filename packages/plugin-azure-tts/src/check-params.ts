import type { ParamWarning } from '@kav/core'
import { resolveParams, type AzureTtsParams } from './params.ts'
import { isPlainElsewhere } from '@kav/core/kit'
import { AS_OF, checkTokenFile, KNOWN_REGIONS, similarRegion } from '@kav/azure-speech'
import { languageOfVoice } from './ssml.ts'

/** Warnings for params that are legal but likely wrong. Pure. */
export function checkParams(given: AzureTtsParams): readonly ParamWarning[] {
  const params = resolveParams(given)
  const warnings: ParamWarning[] = []
  if (params.host === '' && !KNOWN_REGIONS.includes(params.region)) {
    const meant = similarRegion(params.region)
    warnings.push({
      path: ['region'],
      message: `"${params.region}" is not a known region of the Speech service (as of ${AS_OF})${
        meant === undefined ? '' : `; did you mean "${meant}"?`
      }`,
    })
  }
  if (params.host === '' && params.key === '' && params.token_file === '') {
    warnings.push({ path: ['region'], message: 'no key: set key or token_file' })
  }
  if (params.key !== '' && params.token_file !== '') {
    warnings.push({ path: ['token_file'], message: 'not read: a key is given too, and the key wins' })
  }
  if (!params.voice.startsWith(languageOfVoice(params.voice))) {
    warnings.push({
      path: ['voice'],
      message: `"${params.voice}" does not begin with a language, as voices do (he-IL-HilaNeural)`,
    })
  }
  if (params.style === '' && params.style_degree !== 1) {
    warnings.push({ path: ['style_degree'], message: 'has no effect without style' })
  }
  if ((params.key !== '' || params.token_file !== '') && isPlainElsewhere(params.host)) {
    warnings.push({
      path: ['host'],
      message: 'is not encrypted: the key crosses the network readable; use wss',
    })
  }
  return warnings
}

/** The token file, where no key is given. */
export async function checkFiles(given: AzureTtsParams, baseDir: string): Promise<readonly ParamWarning[]> {
  const { key, token_file: file } = resolveParams(given)
  return file === '' || key !== '' ? [] : checkTokenFile(file, baseDir)
}
