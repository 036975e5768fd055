/** Where the servers are and how to sign in. Only `shown` may be shown. */
export interface ServerAddresses {
  /** `host:port`, each. */
  readonly servers: readonly string[]
  readonly tls: boolean
  readonly user?: string
  readonly pass?: string
  readonly token?: string
  /** The addresses without what is secret in them. */
  readonly shown: string
}

const DEFAULT_PORT = '4222'

/**
 * Reads `nats://user:pass@host:4222,nats://other`: a list with commas, `tls://` for all or for none, and one account.
 * A user without a password is a token. Throws an Error that repeats nothing of a faulty address but its place.
 */
export function readAddresses(text: string): ServerAddresses {
  const urls = text.split(',').map((one, index) => readUrl(one.trim(), index + 1))
  const tls = urls.some(({ protocol }) => protocol === 'tls:')
  if (tls && !urls.every(({ protocol }) => protocol === 'tls:'))
    throw new Error('the addresses mix nats:// and tls://; write tls:// for all')
  const servers = urls.map(({ hostname, port }) => `${hostname}:${port || DEFAULT_PORT}`)
  const accounts = new Set(
    urls.flatMap(({ username, password }) => (username === '' ? [] : [`${username}:${password}`])),
  )
  if (accounts.size > 1) throw new Error('the addresses name different accounts; write one')
  const [account] = urls.filter(({ username }) => username !== '')
  return { servers, tls, shown: servers.join(','), ...signIn(account) }
}

function readUrl(text: string, place: number): URL {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw new Error(`address ${place} cannot be read; nats://host:4222 is expected`)
  }
  if ((url.protocol !== 'nats:' && url.protocol !== 'tls:') || url.hostname === '')
    throw new Error(`address ${place} must begin with nats:// or tls:// and name a host`)
  return url
}

function signIn(account: URL | undefined): Pick<ServerAddresses, 'user' | 'pass' | 'token'> {
  if (account === undefined) return {}
  const user = decodeURIComponent(account.username)
  return account.password === '' ? { token: user } : { user, pass: decodeURIComponent(account.password) }
}
