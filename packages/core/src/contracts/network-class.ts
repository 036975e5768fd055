import { safely } from './safely.ts'

/** Codes of Node's sockets, DNS, TLS and HTTP, and of undici, that say: not reached, or cut. */
const NETWORK = new RegExp(
  [
    '^E(?:CONN(?:REFUSED|RESET|ABORTED)|PIPE|HOSTUNREACH|HOSTDOWN|NET(?:UNREACH|DOWN|RESET)|ADDRNOTAVAIL|NOTFOUND|PROTO)$',
    '^EAI_',
    '^(?:ERR_TLS_|ERR_SSL_|CERT_|HOSTNAME_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)',
    '^HPE_',
    '^ERR_(?:STREAM_PREMATURE_CLOSE|SOCKET_CLOSED|HTTP2_)',
    '^UND_ERR_(?:SOCKET|CLOSED|DESTROYED|RES_|RESPONSE|PRX_TLS|REQ_RETRY)',
  ].join('|'),
)
const TIMEOUT = /^ETIMEDOUT$|^UND_ERR_\w+_TIMEOUT$|^ERR_SOCKET_CONNECTION_TIMEOUT$/
const CANCELLED = /^(?:ABORT_ERR|UND_ERR_ABORTED)$/
/** undici's two `TypeError`s of a network that failed, where what lies under it has no code. */
const FETCH_FAILED = new Set(['fetch failed', 'terminated'])
/** A URL that is none, or a port that `fetch` never opens: written so, whatever the network is like. */
const MADE_WRONG = /^(?:ERR_INVALID_|UND_ERR_INVALID_)/

const MAX_DEPTH = 8

/**
 * What the network layer of Node says in a thrown value, down its causes; `undefined` where it is not the network's. The
 * innermost word counts: clients wrap what the socket said.
 */
export function networkClass(thrown: unknown): 'network' | 'timeout' | 'cancelled' | undefined {
  return safely(() => classOf(thrown, MAX_DEPTH))
}

function classOf(thrown: unknown, depth: number): 'network' | 'timeout' | 'cancelled' | undefined {
  if (!(thrown instanceof Error) || depth === 0) return undefined
  const { name, message } = thrown
  const code: unknown = 'code' in thrown ? thrown.code : undefined
  if (name === 'AbortError' || isLike(code, CANCELLED)) return 'cancelled'
  if (name === 'TimeoutError' || isLike(code, TIMEOUT)) return 'timeout'
  if (isLike(code, NETWORK)) return 'network'
  if (isMadeWrong(thrown.cause)) return undefined
  const errors: readonly unknown[] = thrown instanceof AggregateError ? thrown.errors : []
  const inner = [thrown.cause, ...errors.slice(0, MAX_DEPTH)]
    .map((each) => classOf(each, depth - 1))
    .find((found) => found !== undefined)
  return inner ?? (name === 'TypeError' && FETCH_FAILED.has(message) ? 'network' : undefined)
}

function isMadeWrong(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && isLike(cause.code, MADE_WRONG)
}

function isLike(code: unknown, pattern: RegExp): boolean {
  return typeof code === 'string' && pattern.test(code)
}
