import { createPrivateKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { messageOf, type ParamWarning } from '@kav/core'
import { readClientSettings, type EndpointAndKey } from './client-settings.ts'

/**
 * What is wrong with the credentials of params: a key that is none, or a file that cannot be read. Says nothing of
 * application default credentials, and never shows a key.
 */
export async function checkCredentials(given: EndpointAndKey): Promise<readonly ParamWarning[]> {
  const refused = (message: string): readonly ParamWarning[] => [
    { path: ['credentials'], message, severity: 'error' },
  ]
  try {
    const { keyFilename, credentials } = readClientSettings(given)
    if (credentials !== undefined) return keyFault(credentials.private_key, refused)
    if (keyFilename === undefined) return []
    const text = await readFile(keyFilename, 'utf8').catch((error: NodeJS.ErrnoException) => error)
    if (typeof text !== 'string') return refused(`the key file cannot be read: ${reasonOf(text)}`)
    if (!text.trim().startsWith('{')) return refused('the key file does not hold the JSON of a key')
    return keyFault(readClientSettings({ ...given, credentials: text }).credentials?.private_key, refused)
  } catch (error) {
    return refused(messageOf(error).replace(/^\w+\.params\.(credentials|endpoint): /, ''))
  }
}

/** The path itself is not shown: it may be a key that was taken for one. */
function reasonOf({ code }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is no such file (paths start at the folder of the pipeline file)'
  if (code === 'EACCES') return 'this user may not read it'
  return code === 'EISDIR' ? 'it is a folder' : (code ?? 'it is unreadable')
}

function keyFault(
  privateKey: unknown,
  refused: (message: string) => readonly ParamWarning[],
): readonly ParamWarning[] {
  if (typeof privateKey !== 'string') return []
  try {
    createPrivateKey(privateKey.replaceAll('\\n', '\n'))
    return []
  } catch {
    return refused(
      'private_key is no key that can be read: was the file cut off, or were its line ends lost?',
    )
  }
}
