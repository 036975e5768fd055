import { ProviderError } from '@kav/core'
import { readRegularFile } from '@kav/core/kit'

/** A token has 2 KB. */
const MAX_BYTES = 64 * 1024

/** The access token in a file. Rejects with `auth`, naming the file, when there is none in it. */
export async function readToken(path: string): Promise<string> {
  return parseToken(await readText(path), path)
}

async function readText(path: string): Promise<string> {
  try {
    return (await readRegularFile(path, MAX_BYTES)).toString('utf8').trim()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    throw new ProviderError('auth', `Azure Speech: cannot read the token file ${path}: ${code}`)
  }
}

/** Bare text, or JSON with `token`, `access_token` or `accessToken` as command-line tools write it. */
function parseToken(text: string, path: string): string {
  let token = text
  if (text.startsWith('{')) {
    try {
      const json = JSON.parse(text) as Record<string, unknown>
      const found = json.token ?? json.access_token ?? json.accessToken
      token = typeof found === 'string' ? found : ''
    } catch {
      token = ''
    }
  }
  if (token === '' || /\s/.test(token)) {
    throw new ProviderError('auth', `Azure Speech: there is no token in ${path}`)
  }
  return token
}
