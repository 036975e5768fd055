import { readClientSettings, type ClientSettings } from '@kav/google-cloud'
import type { ResolvedParams } from './params.ts'

/** The params as client settings. No I/O. Throws `bad-request`, as `readClientSettings` says. */
export function clientSettings(params: ResolvedParams, baseDir: string): ClientSettings {
  const { region, endpoint, project, credentials } = params
  return readClientSettings({
    stage: 'tts',
    api: 'texttospeech',
    region,
    endpoint,
    project,
    credentials,
    baseDir,
  })
}
