import { resolve } from 'node:path'
import { ProviderError, type PluginContext } from '@kav/core'
import type { ResolvedParams } from './params.ts'
import { createTokenFile, type TokenFile } from './token-file.ts'

/** What one connection proves itself with. */
export type Credential =
  /** For a server of one's own that asks for none. */
  | { readonly kind: 'none'; readonly secret: '' }
  | { readonly kind: 'key'; readonly secret: string }
  | { readonly kind: 'token'; readonly secret: string; follow(onToken: (token: string) => void): () => void }

/** Everything secret that the provider holds, by region. */
export interface Credentials {
  /** Rejects with a `ProviderError` of class `auth`. */
  get(region: string): Promise<Credential>
  /** Whatever must not be shown: keys, and tokens read so far. */
  readonly secrets: readonly string[]
}

export function createCredentials(params: ResolvedParams, context: PluginContext): Credentials {
  const secrets = new Set([params.key, ...Object.values(params.region_keys)].filter((key) => key !== ''))
  const files = new Map<string, TokenFile>()

  function tokenFile(region: string): TokenFile {
    const path = resolve(context.baseDir, params.token_file.replaceAll('{region}', region))
    const file = files.get(path) ?? createTokenFile({ path, rereadMs: params.token_reread_ms, ...context })
    files.set(path, file)
    return file
  }

  return {
    get secrets() {
      return [...secrets]
    },
    async get(region) {
      const key = params.region_keys[region] ?? params.key
      if (key !== '') return { kind: 'key', secret: key }
      if (params.token_file === '') {
        if (params.host !== '' || Object.hasOwn(params.region_hosts, region))
          return { kind: 'none', secret: '' }
        throw new ProviderError(
          'auth',
          `Azure Speech (region ${region}): no key: set stt.params.key, region_keys, or token_file`,
        )
      }
      const file = tokenFile(region)
      const secret = await file.read()
      secrets.add(secret)
      return {
        kind: 'token',
        secret,
        follow: (onToken) =>
          file.follow((token) => {
            secrets.add(token)
            onToken(token)
          }),
      }
    },
  }
}
