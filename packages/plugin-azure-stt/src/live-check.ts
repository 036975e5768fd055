import { checkAccess, type LivePlace, placeOfHost, placeOfRegion } from '@kav/azure-speech'
import { type LiveFinding, messageOf, type PluginContext } from '@kav/core'
import { finding } from '@kav/core/kit'
import { createCredentials, type Credentials } from './credentials.ts'
import { type AzureSttParams, regionsOf, type ResolvedParams, resolveParams } from './params.ts'

/**
 * Asks each configured region, with the credentials that calls have, whether it is there and takes them: by the token
 * service for a key, by the list of voices for a token, by the status of a container. Which languages it recognises
 * no request of the service tells.
 *
 * @param placeOf where a region is asked; tests have their own.
 */
export async function liveCheck(
  given: AzureSttParams,
  context: PluginContext,
  placeOf: typeof placeOfParams = placeOfParams,
): Promise<readonly LiveFinding[]> {
  const params = resolveParams(given)
  const credentials = createCredentials(params, context)
  const places = new Map<string, { readonly region: string; readonly place: LivePlace | undefined }>()
  for (const region of regionsOf(params)) {
    const place = placeOf(params, region)
    // One container may stand for all regions.
    const name = place?.name ?? region
    if (!places.has(name)) places.set(name, { region, place })
  }
  return Promise.all(
    [...places.values()].map(({ region, place }) => checkPlace(params, region, place, credentials, context)),
  )
}

function placeOfParams(params: ResolvedParams, region: string): LivePlace | undefined {
  const host = params.region_hosts[region] ?? params.host
  const [url, param] = host === '' ? [params.endpoint, 'endpoint'] : [host, 'host']
  return url === '' ? placeOfRegion(region) : placeOfHost(url.replaceAll('{region}', region), param)
}

async function checkPlace(
  params: ResolvedParams,
  region: string,
  place: LivePlace | undefined,
  credentials: Credentials,
  { clock }: Pick<PluginContext, 'clock'>,
): Promise<LiveFinding> {
  if (place === undefined)
    return finding.error('host or endpoint is no URL', 'Write it as wss://host[:port].')
  try {
    return await checkAccess({ place, credential: await credentials.get(region), clock })
  } catch (thrown) {
    const fix =
      params.token_file === ''
        ? 'Set key, region_keys or token_file.'
        : 'Let what writes token_file run, and check the path and that Kav may read it.'
    return finding.error(messageOf(thrown), fix)
  }
}
