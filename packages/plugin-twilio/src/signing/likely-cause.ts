import type { IncomingHttpHeaders } from 'node:http'
import type { Clock } from '@kav/core'
import { bareSecret, hasLeftovers } from '../params/bare-secret.ts'
import type { FormFields } from './form-fields.ts'
import type { SignatureCheck } from './signature.ts'

/** A request whose signature fits no address that it should. */
export interface RefusedRequest {
  readonly at: 'webhook' | 'upgrade' | 'status'
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly fields: FormFields
  readonly body?: Buffer
}

/**
 * Looks for the reason after the request is answered, a few hashes in each turn of the event loop, and tells it once.
 * `undefined`: not looked for, because the request is odd or another was looked into within the second.
 */
export type CauseFinder = (
  request: RefusedRequest,
  checkedUrl: string,
  check: SignatureCheck,
  tell: (likelyCause: string | undefined) => void,
) => void

/** Finding one takes hundreds of hashes, and everybody can ask for it. */
const PAUSE_MS = 1000
/** A webhook of Twilio's is well below all of these; what is above is not worth the work. */
const MAX_ODD_FREE = { urlCharacters: 1000, fields: 100, bodyBytes: 8192 }

/** @param authTokens those that the signature did not fit. */
export function createCauseFinder(clock: Clock, authTokens: readonly string[]): CauseFinder {
  /** What they were meant to be, of those that are not it. */
  const meant = authTokens.filter(hasLeftovers).map(bareSecret)
  let freeAtMs = -Infinity
  let looking = false

  return (request, checkedUrl, check, tell) => {
    if (looking || clock.nowMs() < freeAtMs || isOdd(request)) return tell(undefined)
    looking = true
    freeAtMs = clock.nowMs() + PAUSE_MS
    const byMeant = check.by(meant)
    const causes = possibleCauses(request, checkedUrl, { check, byMeant })
    const look = (): void => {
      const { value, done } = causes.next()
      if (done !== true && value === undefined) return void setImmediate(look)
      looking = false
      tell(value ?? notFound(meant.length > 0))
    }
    setImmediate(look)
  }
}

/** One address after another: the cause, where it is the one that was signed. */
function* possibleCauses(
  request: RefusedRequest,
  checkedUrl: string,
  { check, byMeant }: { readonly check: SignatureCheck; readonly byMeant: SignatureCheck },
): Generator<string | undefined, undefined> {
  yield byMeant.fits(checkedUrl) ? LEFTOVERS : undefined
  for (const address of otherAddresses(request, checkedUrl)) {
    if (check.fits(address)) yield signedFor(address)
    else yield byMeant.fits(address) ? `${LEFTOVERS}; ${signedFor(address)}` : undefined
  }
}

const LEFTOVERS =
  'auth_token has white space or quotes in it, which no token of Twilio’s has: take them out where the secret is kept'
const NOT_FOUND =
  'auth_token is not the primary token of the account that owns the number, or public_url has another host, or a proxy changes path, query or body'

function notFound(hasLeftovers: boolean): string {
  return hasLeftovers ? `${LEFTOVERS}; or ${NOT_FOUND}` : NOT_FOUND
}

function signedFor(address: string): string {
  return `signed for ${address}: public_url and paths have to match the address Twilio uses`
}

function isOdd({ url, fields, body }: RefusedRequest): boolean {
  return (
    url.length > MAX_ODD_FREE.urlCharacters ||
    fields.size > MAX_ODD_FREE.fields ||
    (body?.length ?? 0) > MAX_ODD_FREE.bodyBytes
  )
}

/** Addresses the sender may have meant: the public one spelled otherwise, then those its headers name. At most 32. */
function* otherAddresses(request: RefusedRequest, url: string): Generator<string, undefined> {
  const schemes = request.at === 'upgrade' ? ['wss', 'ws', 'https', 'http'] : ['https', 'http']
  const places = [url.replace(/^[a-z]+:\/\//i, '')]
  for (const host of [request.headers['x-forwarded-host'], request.headers.host, hostOf(url)]) {
    if (typeof host === 'string' && /^[\w.:[\]-]{1,255}$/.test(host)) places.push(host + request.url)
  }
  for (const place of places) {
    for (const scheme of schemes) {
      yield `${scheme}://${place}`
      yield `${scheme}://${place.endsWith('/') ? place.slice(0, -1) : `${place}/`}`
    }
  }
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined
}
