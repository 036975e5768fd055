import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Clock, Metrics } from '@kav/core'

export type TokenVerdict = 'right' | 'absent' | 'wrong' | 'too-many-wrong'

/** Lets those pass that have the token. */
export interface TokenGate {
  /** `wrong` comes a second late; a right one is never held up. */
  check(headers: IncomingHttpHeaders): TokenVerdict | Promise<TokenVerdict>
}

/** Who guesses waits. */
const WRONG_MS = 1000
/** So many wait at a time: they hold connections that the operator may want. */
const MAX_WAITING = 32

/** By which browsers name the protocol, and by which they hand in the token: they can set no header of a WebSocket. */
export const SOCKET_PROTOCOL = 'kav.v1'
const TOKEN_PROTOCOL = 'kav.token.'

/** @param token `undefined`: none could be made or kept, and nobody passes. */
export function createTokenGate(token: string | undefined, clock: Clock, metrics: Metrics): TokenGate {
  const right = token === undefined ? undefined : digest(token)
  let waiting = 0
  return {
    check(headers) {
      const shown = tokenOf(headers)
      if (shown === undefined) return 'absent'
      // Of digests of one length: the time says nothing, of the length neither.
      if (right !== undefined && timingSafeEqual(digest(shown), right)) return 'right'
      metrics.count('api_wrong_tokens_total')
      if (waiting >= MAX_WAITING) return 'too-many-wrong'
      waiting++
      return new Promise((resolve) => {
        clock.after(WRONG_MS, () => {
          waiting--
          resolve('wrong')
        })
      })
    },
  }
}

function tokenOf({ authorization, 'sec-websocket-protocol': protocols }: IncomingHttpHeaders) {
  if (authorization !== undefined) return /^bearer +(\S+)$/i.exec(authorization)?.[1]
  const shown = protocols
    ?.split(',')
    .map((protocol) => protocol.trim())
    .find((protocol) => protocol.startsWith(TOKEN_PROTOCOL))
  return shown === undefined ? undefined : decoded(shown.slice(TOKEN_PROTOCOL.length))
}

/** A protocol's name has no `/` and no `=`, which many tokens have. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
