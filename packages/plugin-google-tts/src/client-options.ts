import type { ParamWarning } from '@kav/core'
import {
  checkCredentials,
  readClientSettings,
  type ClientSettings,
  type EndpointAndKey,
} from '@kav/google-cloud'
import { resolveParams, type GoogleTtsParams, type ResolvedParams } from './params.ts'

/** The params as client settings. No I/O. Throws `bad-request`, as `readClientSettings` says. */
export function clientSettings(params: ResolvedParams, baseDir: string): ClientSettings {
  return readClientSettings(endpointAndKey(params, baseDir))
}

/** The key file or the key itself, looked at without a connection. */
export async function checkFiles(given: GoogleTtsParams, baseDir: string): Promise<readonly ParamWarning[]> {
  return checkCredentials(endpointAndKey(resolveParams(given), baseDir))
}

function endpointAndKey(params: ResolvedParams, baseDir: string): EndpointAndKey {
  const { region, endpoint, project, credentials } = params
  return { stage: 'tts', api: 'texttospeech', region, endpoint, project, credentials, baseDir }
}
