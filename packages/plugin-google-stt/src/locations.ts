import { LIVE_CHECK_MS } from '@kav/core/kit'
import type { v2 } from '@google-cloud/speech'

/** Models by language by region, as the Locations API lists them. */
export type Locations = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>

export async function readLocations(client: v2.SpeechClient, project: string): Promise<Locations> {
  const { protos } = await import('@google-cloud/speech')
  const call = { timeout: LIVE_CHECK_MS, retry: null, autoPaginate: false } as const
  const locations = new Map<string, ReadonlyMap<string, readonly string[]>>()
  for await (const location of client.listLocationsAsync({ name: project }, call)) {
    const value = location.metadata?.value
    if (typeof location.locationId !== 'string') continue
    const metadata =
      value === null || value === undefined
        ? undefined
        : protos.google.cloud.speech.v2.LocationsMetadata.decode(
            typeof value === 'string' ? Buffer.from(value, 'base64') : value,
          )
    const models = Object.entries(metadata?.languages?.models ?? {}).map(
      ([language, of]) => [language, Object.keys(of.modelFeatures ?? {})] as const,
    )
    locations.set(location.locationId, new Map(models))
  }
  return locations
}
