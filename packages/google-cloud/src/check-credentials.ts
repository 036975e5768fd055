import { createPrivateKey } from 'node:crypto'
import { messageOf, type ParamWarning } from '@kav/core'
import { readRegularFile } from '@kav/core/kit'
import { readClientSettings, type EndpointAndKey } from './client-settings.ts'

/** A key file has 3 KB. */
const MAX_BYTES = 64 * 1024

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
    const read = await readRegularFile(keyFilename, MAX_BYTES).catch((error: NodeJS.ErrnoException) => error)
    if (read instanceof Error) return refused(`the key file cannot be read: ${reasonOf(read)}`)
    const text = read.toString('utf8')
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
  if (code === 'ENOTREG') return 'it is no regular file'
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
