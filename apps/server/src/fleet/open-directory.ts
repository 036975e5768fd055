import { readFile } from 'node:fs/promises'
import type { CallDirectory, PluginContext } from '@kav/core'
import { createOneNodeDirectory } from '@kav/core/host'
import { hideTexts } from '../privacy/secrets.ts'
import type { FleetSettings } from './fleet-settings.ts'

type Context = Pick<PluginContext, 'log' | 'metrics' | 'clock'>

/**
 * The directory that the environment names. It is there at once: one on servers that cannot be reached now decides
 * alone until they can. Throws an Error for addresses or a file that cannot be read.
 */
export async function openDirectory(
  { directory, node, fleet }: FleetSettings,
  { log, metrics, clock }: Context,
): Promise<CallDirectory> {
  const context = { log, metrics, clock, node }
  if (directory.kind === 'none') return createOneNodeDirectory(context)
  // Only who has a fleet pays for its client.
  const { openNatsDirectory, readAddresses } = await import('@kav/directory-nats')
  const { servers, credentialsFile, authorityFile, replicas } = directory
  const { pass, token } = readAddresses(servers)
  hideTexts([pass, token].filter((text) => text !== undefined))
  const credentials = credentialsFile === undefined ? undefined : await readFile(credentialsFile)
  const authority = authorityFile === undefined ? undefined : await readFile(authorityFile, 'utf8')
  return openNatsDirectory({
    ...context,
    servers,
    fleet,
    replicas,
    ...(credentials !== undefined && { credentials }),
    ...(authority !== undefined && { authority }),
  })
}
