import { resolve } from 'node:path'
import { readToken } from '@kav/azure-speech'
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
