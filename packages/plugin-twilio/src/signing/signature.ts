import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { NO_FIELDS, signedText, type FormFields } from './form-fields.ts'
import { spellings } from './url-spellings.ts'

/**
 * What Twilio puts into `X-Twilio-Signature` for a request to `url`: HMAC-SHA1 over the URL followed by every field's
 * name and value. Source: twilio.com/docs/usage/webhooks/webhooks-security.
 */
export function expectedSignature(authToken: string, url: string, fields: FormFields): string {
  return hmac(authToken, url, signedText(fields))
}

function hmac(authToken: string, url: string, text: string): string {
  return createHmac('sha1', authToken).update(url, 'utf8').update(text, 'utf8').digest('base64')
}

/** Whether this can be a signature at all: the 20 bytes of an HMAC-SHA1 in base64. */
export function isSignatureShaped(signature: string): boolean {
  return /^[A-Za-z0-9+/]{27}=$/.test(signature)
}

export interface SignedRequest {
  readonly fields: FormFields
  /** The raw body; looked at only when the URL carries `bodySHA256` (a JSON request). */
  readonly body?: Buffer
  readonly signature: string
}

/**
 * One request's signature, by any of the auth tokens, against the addresses it may be for. The fields are sorted once,
 * however many those are.
 */
export class SignatureCheck {
  /** Hashes made so far: what the check has cost. */
  hashes = 0
  readonly #authTokens: readonly string[]
  readonly #request: SignedRequest
  #fieldsText: string | undefined
  #bodyHash: string | undefined

  constructor(authTokens: readonly string[], request: SignedRequest) {
    this.#authTokens = authTokens
    this.#request = request
  }

  /** Whether the signature is right for `url`, under any spelling of it that Twilio may have signed. */
  fits(url: string): boolean {
    const text = this.#textFor(url)
    if (text === undefined) return false
    for (const spelling of spellings(url)) {
      for (const authToken of this.#authTokens) {
        this.hashes++
        if (sameText(this.#request.signature, hmac(authToken, spelling, text))) return true
      }
    }
    return false
  }

  /** The same request, by other tokens. */
  by(authTokens: readonly string[]): SignatureCheck {
    return new SignatureCheck(authTokens, this.#request)
  }

  /** What is signed besides the URL; `undefined` when the URL names another body than this one. */
  #textFor(url: string): string | undefined {
    const named = /[?&]bodySHA256=([^&#]*)/.exec(url)?.[1]
    if (named === undefined) return (this.#fieldsText ??= signedText(this.#request.fields))
    this.#bodyHash ??= createHash('sha256')
      .update(this.#request.body ?? '')
      .digest('hex')
    return sameText(named, this.#bodyHash) ? signedText(NO_FIELDS) : undefined
  }
}

function sameText(given: string, expected: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(expected)
  return a.length === b.length && timingSafeEqual(a, b)
}
