import type { PluginContext } from '@kav/core'
import type { LiveFinding } from '@kav/google-cloud'
import type { v2 } from '@google-cloud/speech'
import { clientSettings } from './client-options.ts'
import { classifyCredentialsError, classifyError } from './grpc-errors.ts'
import { toApiLanguage } from './language-code.ts'
import { regionsOf, resolveParams, type GoogleSttParams } from './params.ts'
import { loadSpeechSdk } from './speech-client.ts'
import { chooseModel, isKnown } from './streaming-table.ts'

/** Longest wait for one answer of the Locations API. */
const TIMEOUT_MS = 10_000

/**
 * Asks the Locations API, with the configured credentials, whether each configured region lists the language and the
 * model that would be asked for. The API does not tell streaming from other methods. Only v2 has it.
 * Throws a `ProviderError` when there are no usable credentials or the API cannot be reached.
 */
export async function liveCheck(
  given: GoogleSttParams,
  context: Pick<PluginContext, 'baseDir'>,
): Promise<readonly LiveFinding[]> {
  const params = resolveParams(given)
  const first = params.region
  if (params.api === 'v1') {
    return [
      { level: 'warning', region: first, message: 'api v1 has no Locations API: nothing to check against' },
    ]
  }
  const sdk = await loadSpeechSdk()
  const findings: LiveFinding[] = []
  for (const region of regionsOf(params)) {
    const place = { doing: 'locations', api: params.api, region }
    const settings = clientSettings(params, region, context.baseDir)
    const client = sdk.createClient(params, settings) as v2.SpeechClient
    try {
      await client.initialize().catch((error: unknown) => {
        throw classifyCredentialsError(error, place)
      })
      const project = settings.projectId ?? (await client.getProjectId())
      const models = await modelsByLanguage(client, `projects/${project}`, region)
      findings.push(compare(region, toApiLanguage(params.language), params.model, models))
    } catch (error) {
      throw classifyError(error, place)
    } finally {
      await client.close().catch(() => undefined)
    }
  }
  return findings
}

/** What the region lists, `undefined` when the API does not know the region. */
async function modelsByLanguage(
  client: v2.SpeechClient,
  project: string,
  region: string,
): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  const { protos } = await import('@google-cloud/speech')
  const call = { timeout: TIMEOUT_MS, retry: null, autoPaginate: false } as const
  for await (const location of client.listLocationsAsync({ name: project }, call)) {
    if (location.locationId !== region) continue
    const value = location.metadata?.value
    if (value === null || value === undefined) return new Map()
    const metadata = protos.google.cloud.speech.v2.LocationsMetadata.decode(
      typeof value === 'string' ? Buffer.from(value, 'base64') : value,
    )
    return new Map(
      Object.entries(metadata.languages?.models ?? {}).map(([language, of]) => [
        language,
        Object.keys(of.modelFeatures ?? {}),
      ]),
    )
  }
  return undefined
}

function compare(
  region: string,
  language: string,
  configuredModel: string,
  models: ReadonlyMap<string, readonly string[]> | undefined,
): LiveFinding {
  const model = configuredModel || chooseModel('v2', language, region, 'stream')
  if (models === undefined) {
    return { level: 'error', region, message: `Google lists no location "${region}" for this project` }
  }
  const listed = models.get(language) ?? []
  if (listed.length === 0) {
    return { level: 'error', region, message: `"${region}" lists no model for ${language}` }
  }
  if (!listed.includes(model)) {
    return {
      level: 'error',
      region,
      message: `"${region}" does not list ${model} for ${language}; it lists ${listed.join(', ')}`,
    }
  }
  const stale = isKnown(model, language, region, 'stream') === false
  return stale
    ? {
        level: 'warning',
        region,
        message: `"${region}" lists ${model} for ${language}; the built-in table does not: try a call`,
      }
    : { level: 'ok', region, message: `"${region}" lists ${model} for ${language}` }
}
