import { asProviderError, type PluginContext } from '@kav/core'
import { didYouMean, finding, LIVE_CHECK_MS, withDeadline } from '@kav/core/kit'
import type { LiveFinding } from '@kav/google-cloud'
import { clientSettings } from './client-options.ts'
import { classifyCredentialsError, classifyError, refused } from './grpc-errors.ts'
import { resolveParams, type GoogleTtsParams, type ResolvedParams } from './params.ts'
import { loadTtsSdk } from './tts-client.ts'
import { voiceFor } from './voice.ts'

/**
 * Asks Google, with the configured credentials, whether it has the configured voices for their languages in the
 * configured region.
 */
export async function liveCheck(
  given: GoogleTtsParams,
  context: Pick<PluginContext, 'baseDir' | 'clock'>,
): Promise<readonly LiveFinding[]> {
  const params = resolveParams(given)
  const { region } = params
  try {
    // Looking for credentials has no limit of its own.
    const asking = askVoices(params, context.baseDir)
    return await withDeadline(context.clock, 2 * LIVE_CHECK_MS, 'voices', asking)
  } catch (thrown) {
    return [refused(asProviderError(classifyError(thrown, placeOf(params)), 'voices'), region)]
  }
}

function placeOf({ region, language }: ResolvedParams) {
  return { doing: 'voices', region, voice: '', language }
}

async function askVoices(params: ResolvedParams, baseDir: string): Promise<readonly LiveFinding[]> {
  const client = (await loadTtsSdk()).createClient(params, clientSettings(params, baseDir))
  try {
    await client.initialize().catch((error: unknown) => {
      throw classifyCredentialsError(error, placeOf(params))
    })
    const spoken = [
      ['voice', params.language],
      ...Object.keys(params.voices).map((code) => [`voices.${code}`, code]),
    ]
    return await Promise.all(
      (spoken as [string, string][]).map(async ([param, language]) => {
        const { name, languageCode } = voiceFor(params, language)
        const call = { timeout: LIVE_CHECK_MS, retry: null } as const
        const [{ voices }] = await client.listVoices({ languageCode }, call)
        const listed = (voices ?? []).map((voice) => voice.name ?? '')
        return judge({ param, name, languageCode }, listed, params.region)
      }),
    )
  } finally {
    await client.close().catch(() => undefined)
  }
}

interface AskedVoice {
  readonly param: string
  readonly name: string
  readonly languageCode: string
}

function judge(
  { param, name, languageCode }: AskedVoice,
  listed: readonly string[],
  region: string,
): LiveFinding {
  if (listed.length === 0) {
    const fix = `Check the language ${languageCode}, and try region: global, which has most voices.`
    return { region, ...finding.error(`Google lists no voice for ${languageCode}`, fix) }
  }
  if (name === '') {
    return { region, ...finding.ok(`${listed.length} voices for ${languageCode}; Google chooses`) }
  }
  if (listed.includes(name)) return { region, ...finding.ok(`"${name}" is listed for ${languageCode}`) }
  const meant = didYouMean(name, listed)
  const fix =
    meant === undefined
      ? `Set ${param} to one that is listed: ${listed.slice(0, 5).join(', ')}.`
      : `Set ${param} to "${meant}", the nearest that is listed.`
  return { region, ...finding.error(`"${name}" is not listed for ${languageCode}`, fix) }
}
