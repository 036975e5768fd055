import type { ParamWarning } from '@kav/core'
import {
  checkCredentials,
  readClientSettings,
  type ClientSettings,
  type EndpointAndKey,
} from '@kav/google-cloud'
import { resolveParams, type GoogleSttParams, type ResolvedParams } from './params.ts'

/** The params as client settings of one region. No I/O. Throws `bad-request`, as `readClientSettings` says. */
export function clientSettings(params: ResolvedParams, region: string, baseDir: string): ClientSettings {
  return readClientSettings(endpointAndKey(params, region, baseDir))
}

/** The key file or the key itself, looked at without a connection. */
export async function checkFiles(given: GoogleSttParams, baseDir: string): Promise<readonly ParamWarning[]> {
  const params = resolveParams(given)
  return checkCredentials(endpointAndKey(params, params.region, baseDir))
}

function endpointAndKey(params: ResolvedParams, region: string, baseDir: string): EndpointAndKey {
  return {
    stage: 'stt',
    api: 'speech',
    region,
    endpoint: (params.region_endpoints[region] ?? params.endpoint).replaceAll('{region}', region),
    project: params.project,
    credentials: params.credentials,
    baseDir,
  }
}
