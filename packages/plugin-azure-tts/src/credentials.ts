import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ProviderError } from '@kav/core'
import type { ResolvedParams } from './params.ts'

/** What a connection proves itself with. `none`: a server of one's own that asks for nothing. */
export interface Credential {
  readonly kind: 'key' | 'token' | 'none'
  readonly secret: string
}

export interface Credentials {
  /** For one connection: a token file is read anew. Rejects with a `ProviderError` of class `auth`. */
  get(): Promise<Credential>
  /** Whatever must not be shown. */
  readonly secrets: readonly string[]
}

export function createCredentials(params: ResolvedParams, baseDir: string): Credentials {
  const secrets = new Set(params.key === '' ? [] : [params.key])
  return {
    get secrets() {
      return [...secrets]
    },
    async get() {
      if (params.key !== '') return { kind: 'key', secret: params.key }
      if (params.token_file !== '') {
        const secret = await readToken(resolve(baseDir, params.token_file))
        secrets.add(secret)
        return { kind: 'token', secret }
      }
      if (params.host !== '') return { kind: 'none', secret: '' }
      throw new ProviderError('auth', 'Azure Speech: no key: set tts.params.key or token_file')
    },
  }
}

/** Bare text, or JSON with `token`, `access_token` or `accessToken` as command-line tools write it. */
async function readToken(path: string): Promise<string> {
  let token: string
  try {
    token = (await readFile(path, 'utf8')).trim()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    throw new ProviderError('auth', `Azure Speech: cannot read the token file ${path}: ${code}`)
  }
  if (token.startsWith('{')) {
    try {
      const json = JSON.parse(token) as Record<string, unknown>
      token = String(json.token ?? json.access_token ?? json.accessToken ?? '')
    } catch {
      token = ''
    }
  }
  if (token === '' || /\s/.test(token)) {
    throw new ProviderError('auth', `Azure Speech: there is no token in ${path}`)
  }
  return token
}
