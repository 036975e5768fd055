import { readClientSettings, type ClientSettings } from '@kav/google-cloud'
import type { ResolvedParams } from './params.ts'

/** The params as client settings of one region. No I/O. Throws `bad-request`, as `readClientSettings` says. */
export function clientSettings(params: ResolvedParams, region: string, baseDir: string): ClientSettings {
  return readClientSettings({
    stage: 'stt',
    api: 'speech',
    region,
    endpoint: (params.region_endpoints[region] ?? params.endpoint).replaceAll('{region}', region),
    project: params.project,
    credentials: params.credentials,
    baseDir,
  })
}
