import type { IncomingHttpHeaders } from 'node:http'
import type { Clock } from '@kav/core'
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

export function createCauseFinder(clock: Clock): CauseFinder {
  let freeAtMs = -Infinity
  let looking = false

  return (request, checkedUrl, check, tell) => {
    if (looking || clock.nowMs() < freeAtMs || isOdd(request)) return tell(undefined)
    looking = true
    freeAtMs = clock.nowMs() + PAUSE_MS
    const addresses = otherAddresses(request, checkedUrl)
    const look = (): void => {
      const { value, done } = addresses.next()
      if (done !== true && !check.fits(value)) return void setImmediate(look)
      looking = false
      tell(done === true ? NOT_FOUND : signedFor(value))
    }
    setImmediate(look)
  }
}

const NOT_FOUND =
  'auth_token is not the primary token of the account that owns the number, or public_url has another host, or a proxy changes path, query or body'

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
