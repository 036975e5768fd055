import { readFile } from 'node:fs/promises'
import { type CallDirectory, messageOf, type PluginContext } from '@kav/core'
import { createOneNodeDirectory } from '@kav/core/host'
import { hideTexts } from '../privacy/secrets.ts'
import { readTlsFiles } from './directory-tls.ts'
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
  const { servers, credentialsFile, tlsFiles, replicas } = directory
  const { pass, token } = named(() => readAddresses(servers))
  hideTexts([pass, token].filter((text) => text !== undefined))
  const credentials = credentialsFile === undefined ? undefined : await readCredentials(credentialsFile)
  // What is wrong already is told at the start; what is replaced later, with the next connection.
  await readTlsFiles(tlsFiles)
  return openNatsDirectory({
    ...context,
    servers,
    fleet,
    replicas,
    ...(credentials !== undefined && { credentials }),
    tls: () => readTlsFiles(tlsFiles),
  })
}

/** The variable is what is to be mended. */
function named<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new Error(`KAV_DIRECTORY: ${messageOf(error)}`, { cause: error })
  }
}

async function readCredentials(file: string): Promise<Uint8Array> {
  return await readFile(file).catch((error: unknown) => {
    throw new Error(`KAV_DIRECTORY_CREDS cannot be read: ${messageOf(error)}`)
  })
}
