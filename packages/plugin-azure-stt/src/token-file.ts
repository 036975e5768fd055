import { readToken } from '@kav/azure-speech'
import type { Clock, Logger, Metrics } from '@kav/core'
import { ProviderError } from '@kav/core'
import { leftUntil } from '@kav/core/kit'

/** One region's access token, read from a file that somebody else renews. */
export interface TokenFile {
  /** Reads the file now. Rejects with `auth`, naming the file, when there is no token in it or it has expired. */
  read(): Promise<string>
  /** `onToken` is called with every token that differs from the last one. Returns a function that stops it. */
  follow(onToken: (token: string) => void): () => void
}

export function createTokenFile(options: {
  readonly path: string
  readonly rereadMs: number
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}): TokenFile {
  const { path, rereadMs, clock, log, metrics } = options
  const followers = new Set<(token: string) => void>()
  let latest = ''
  let stopTimer: () => void = () => undefined

  async function read(): Promise<string> {
    const token = await readToken(path)
    refuseExpired(token)
    latest = token
    return token
  }

  /** A time in another unit is not believed: the service itself says then whether it takes the token. */
  function refuseExpired(token: string): void {
    const expiresAtS = expiryOf(token)
    if (expiresAtS === undefined) return
    const left = leftUntil(expiresAtS, clock.wallMs())
    if (typeof left === 'string') return metrics.count('azure_stt_odd_expiry_total', 1, { doubt: left })
    if (left > 0) return
    const ago = `${Math.ceil(-left / 1000)} s ago by the clock of this machine`
    throw new ProviderError(
      'auth',
      `Azure Speech: the token in ${path} expired ${ago}: is it being renewed, is the clock right?`,
    )
  }

  async function reread(): Promise<void> {
    const before = latest
    try {
      const token = await read()
      if (token !== before) for (const onToken of followers) onToken(token)
    } catch (error) {
      metrics.count('azure_stt_token_errors_total')
      log.warn({ file: path, error: (error as Error).message }, 'Azure token file cannot be used')
    }
    schedule()
  }

  function schedule(): void {
    stopTimer()
    stopTimer = followers.size === 0 ? () => undefined : clock.after(rereadMs, () => void reread())
  }

  return {
    read,
    follow(onToken) {
      followers.add(onToken)
      if (followers.size === 1) schedule()
      return () => {
        followers.delete(onToken)
        if (followers.size === 0) stopTimer()
      }
    },
  }
}

/** `exp` of a JSON Web Token (RFC 7519), Unix seconds if it is right; `undefined` for tokens without one. */
function expiryOf(token: string): unknown {
  const payload = token.split('#').at(-1)?.split('.')[1]
  if (payload === undefined) return undefined
  try {
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { exp?: unknown }
    return claims.exp
  } catch {
    return undefined
  }
}
