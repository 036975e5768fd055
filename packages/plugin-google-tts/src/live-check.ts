import type { PluginContext } from '@kav/core'
import type { LiveFinding } from '@kav/google-cloud'
import { clientSettings } from './client-options.ts'
import { classifyCredentialsError, classifyError } from './grpc-errors.ts'
import { resolveParams, type GoogleTtsParams } from './params.ts'
import { loadTtsSdk } from './tts-client.ts'
import { voiceFor } from './voice.ts'

/** Longest wait for one answer. */
const TIMEOUT_MS = 10_000

/**
 * Asks Google, with the configured credentials, whether it has the configured voices for their languages in the
 * configured region. Throws a `ProviderError` when there are no usable credentials or Google cannot be reached.
 */
export async function liveCheck(
  given: GoogleTtsParams,
  context: Pick<PluginContext, 'baseDir'>,
): Promise<readonly LiveFinding[]> {
  const params = resolveParams(given)
  const place = { doing: 'voices', region: params.region, voice: '', language: params.language }
  const client = (await loadTtsSdk()).createClient(params, clientSettings(params, context.baseDir))
  try {
    await client.initialize().catch((error: unknown) => {
      throw classifyCredentialsError(error, place)
    })
    const findings: LiveFinding[] = []
    for (const language of [params.language, ...Object.keys(params.voices)]) {
      const voice = voiceFor(params, language)
      const call = { timeout: TIMEOUT_MS, retry: null } as const
      const [{ voices }] = await client.listVoices({ languageCode: voice.languageCode }, call)
      const names = (voices ?? []).map((listed) => listed.name ?? '')
      findings.push({ region: params.region, ...judge(voice.name, voice.languageCode, names) })
    }
    return findings
  } catch (error) {
    throw classifyError(error, place)
  } finally {
    await client.close().catch(() => undefined)
  }
}

function judge(name: string, language: string, listed: readonly string[]): Omit<LiveFinding, 'region'> {
  if (listed.length === 0) return { level: 'error', message: `Google lists no voice for ${language}` }
  if (name === '') return { level: 'ok', message: `${listed.length} voices for ${language}; Google chooses` }
  if (listed.includes(name)) return { level: 'ok', message: `"${name}" is listed for ${language}` }
  const some = listed.slice(0, 5).join(', ')
  return { level: 'error', message: `"${name}" is not listed for ${language}; listed are ${some} and others` }
}
