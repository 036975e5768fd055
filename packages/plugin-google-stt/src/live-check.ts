import { asProviderError, type PluginContext } from '@kav/core'
import { finding, LIVE_CHECK_MS, withDeadline } from '@kav/core/kit'
import type { LiveFinding } from '@kav/google-cloud'
import type { v2 } from '@google-cloud/speech'
import { clientSettings } from './client-options.ts'
import { compareRegion } from './compare-region.ts'
import { classifyCredentialsError, classifyError, refused } from './grpc-errors.ts'
import { toApiLanguage } from './language-code.ts'
import { readLocations, type Locations } from './locations.ts'
import { regionsOf, type ResolvedParams, resolveParams, type GoogleSttParams } from './params.ts'
import { loadSpeechSdk, type SpeechSdk } from './speech-client.ts'

/**
 * Asks the Locations API, with the configured credentials, whether each configured region lists the language and the
 * model that would be asked for. The API does not tell streaming from other methods. Only v2 has it.
 */
export async function liveCheck(
  given: GoogleSttParams,
  context: Pick<PluginContext, 'baseDir' | 'clock'>,
): Promise<readonly LiveFinding[]> {
  const params = resolveParams(given)
  const first = params.region
  if (params.api === 'v1') {
    const message = 'api v1 has no Locations API: nothing to check against'
    const fix = 'Place a call, or set api to v2, which can be asked.'
    return [{ region: first, ...finding.warning(message, fix) }]
  }
  const sdk = await loadSpeechSdk()
  return Promise.all(
    regionsOf(params).map(async (region) => {
      const place = { doing: 'locations', api: params.api, region }
      const asking = askLocations(sdk, params, region, context.baseDir)
      try {
        // Looking for credentials has no limit of its own.
        const locations = await withDeadline(context.clock, 2 * LIVE_CHECK_MS, 'locations', asking)
        return compareRegion(region, toApiLanguage(params.language), params.model, locations)
      } catch (thrown) {
        return refused(asProviderError(classifyError(thrown, place), place.doing), region)
      }
    }),
  )
}

async function askLocations(
  sdk: SpeechSdk,
  params: ResolvedParams,
  region: string,
  baseDir: string,
): Promise<Locations> {
  const settings = clientSettings(params, region, baseDir)
  const client = sdk.createClient(params, settings) as v2.SpeechClient
  try {
    await client.initialize().catch((error: unknown) => {
      throw classifyCredentialsError(error, { doing: 'locations', api: params.api, region })
    })
    const project = settings.projectId ?? (await client.getProjectId())
    return await readLocations(client, `projects/${project}`)
  } finally {
    await client.close().catch(() => undefined)
  }
}
