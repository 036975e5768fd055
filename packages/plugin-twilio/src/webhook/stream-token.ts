import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Clock, MAX_ONCE_MS, type TransportHost } from '@kav/core'

/** Why a stream may not begin. The words are a metric's label. */
export type TokenFault = 'token-missing' | 'token-invalid' | 'token-expired' | 'token-used'

/** What was sealed into a good token. */
export interface Redeemed {
  /** `CallPlace.ticket` of the place that was promised. */
  readonly ticket?: string
}

export type TokenVerdict = TokenFault | Redeemed

export interface StreamTokens {
  /** A token for one stream of one call. Keeps nothing. */
  mint(callSid: string, ticket?: string): string
  /** Judges a token and, when it is good, spends it. A promise where other processes are asked; never rejects. */
  redeem(token: string | undefined, callSid: string): TokenVerdict | Promise<TokenVerdict>
}

export interface StreamTokenOptions {
  readonly ttlMs: number
  readonly clock: Pick<Clock, 'wallMs'>
  /** Remembers spent tokens. */
  readonly once: TransportHost['once']
  /**
   * Processes that share one accept each other's tokens; without any only this one does. Tokens are sealed with the
   * first, and taken with each: a secret that is being rotated refuses no stream.
   */
  readonly secrets: readonly string[]
}

const EXPIRY_BYTES = 6
const NONCE_BYTES = 12
const SEAL_BYTES = 16
const HEAD_BYTES = EXPIRY_BYTES + NONCE_BYTES
/** In bytes of UTF-8: a `<Parameter>` has 499 characters. */
const MAX_TICKET_BYTES = 250
/** Between a ticket and the CallSid, which has none: no two pairs are sealed alike. */
const BEHIND_TICKET = Buffer.of(0)

/**
 * One-time tokens that tie a media stream to the webhook request that ordered it.
 *
 * A token is `expiry | nonce | ticket | seal`, sealed (HMAC-SHA256) together with the CallSid, so minting needs no
 * memory and a flood of webhooks fills none. The expiry follows the calendar clock because webhook and stream may meet different
 * processes of one service. Spent tokens are remembered by the host until they expire.
 */
export function createStreamTokens(options: StreamTokenOptions): StreamTokens {
  const [key = randomBytes(32), ...otherKeys] = options.secrets.map((secret) =>
    createHmac('sha256', secret).update('kav media stream token').digest(),
  )
  const seal = (by: Buffer, head: Buffer, callSid: string): Buffer =>
    createHmac('sha256', by)
      .update(head)
      .update(head.length > HEAD_BYTES ? BEHIND_TICKET : '')
      .update(callSid, 'utf8')
      .digest()
      .subarray(0, SEAL_BYTES)
  const isSealed = (head: Buffer, callSid: string, given: Buffer): boolean =>
    [key, ...otherKeys].some((by) => timingSafeEqual(given, seal(by, head, callSid)))

  return {
    mint(callSid, ticket = '') {
      const note = Buffer.from(ticket, 'utf8').subarray(0, MAX_TICKET_BYTES)
      const head = Buffer.alloc(HEAD_BYTES + note.length)
      head.writeUIntBE(Math.floor(options.clock.wallMs() + options.ttlMs), 0, EXPIRY_BYTES)
      randomBytes(NONCE_BYTES).copy(head, EXPIRY_BYTES)
      note.copy(head, HEAD_BYTES)
      return Buffer.concat([head, seal(key, head, callSid)]).toString('base64url')
    },
    redeem(token, callSid) {
      if (token === undefined || token === '') return 'token-missing'
      const bytes = Buffer.from(token, 'base64url')
      const sealAt = bytes.length - SEAL_BYTES
      if (sealAt < HEAD_BYTES || sealAt > HEAD_BYTES + MAX_TICKET_BYTES) return 'token-invalid'
      const head = bytes.subarray(0, sealAt)
      if (!isSealed(head, callSid, bytes.subarray(sealAt))) return 'token-invalid'
      const nowMs = options.clock.wallMs()
      const expiresMs = head.readUIntBE(0, EXPIRY_BYTES)
      if (expiresMs <= nowMs) return 'token-expired'
      // The bytes, not the text: base64url has more than one spelling for the same bytes.
      const first = options.once(keyOf(bytes), Math.min(expiresMs - nowMs, MAX_ONCE_MS))
      const ticket = head.subarray(HEAD_BYTES).toString('utf8')
      const good: Redeemed = ticket === '' ? {} : { ticket }
      const verdict = (isFirst: boolean): TokenVerdict => (isFirst ? good : 'token-used')
      return typeof first === 'boolean' ? verdict(first) : first.then(verdict)
    },
  }
}

function keyOf(token: Buffer): string {
  return `twilio-stream-token ${token.toString('hex')}`
}
