import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { parse, stringify } from 'node:querystring'

/** Form fields as they came: a repeated field has several values. */
export type FormFields = ReadonlyMap<string, readonly string[]>

export const NO_FIELDS: FormFields = new Map()

/** Reads an `application/x-www-form-urlencoded` body. */
export function parseForm(body: Buffer): FormFields {
  const fields = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) {
    const values = fields.get(name)
    if (values === undefined) fields.set(name, [value])
    else values.push(value)
  }
  return fields
}

/**
 * What Twilio puts into `X-Twilio-Signature` for a request to `url`: HMAC-SHA1 over the URL followed by every field's
 * name and value, fields sorted by name, values of one field sorted and each once.
 * Source: twilio.com/docs/usage/webhooks/webhooks-security.
 */
export function expectedSignature(authToken: string, url: string, fields: FormFields): string {
  let signed = url
  for (const name of [...fields.keys()].sort()) {
    for (const value of [...new Set(fields.get(name))].sort()) signed += name + value
  }
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64')
}

export interface SignedRequest {
  /** The URL as Twilio knows it, query included; `wss:` for a media stream. */
  readonly url: string
  readonly fields: FormFields
  /** The raw body; looked at only when the URL carries `bodySHA256` (a JSON request). */
  readonly body?: Buffer
}

/** Whether `signature` is right for the request under any spelling of the URL that Twilio may have signed. */
export function isSigned(request: SignedRequest, authToken: string, signature: string | undefined): boolean {
  if (signature === undefined || signature === '') return false
  const bodyHash = /[?&]bodySHA256=([^&#]*)/.exec(request.url)?.[1]
  if (bodyHash !== undefined) {
    const hash = createHash('sha256')
      .update(request.body ?? '')
      .digest('hex')
    if (!sameText(bodyHash, hash)) return false
  }
  const fields = bodyHash === undefined ? request.fields : NO_FIELDS
  for (const url of spellings(request.url)) {
    if (sameText(signature, expectedSignature(authToken, url, fields))) return true
  }
  return false
}

/** Every way the same URL may have been written when it was signed, the likeliest first. */
export function spellings(url: string): ReadonlySet<string> {
  const found = new Set([url, ...portSpellings(url)])
  if (!URL.canParse(url)) return found
  const normal = new URL(url).toString()
  for (const spelling of [normal, ...portSpellings(normal)]) {
    found.add(spelling)
    const query = spelling.indexOf('?')
    if (query !== -1) found.add(`${spelling.slice(0, query)}?${stringify(parse(spelling.slice(query + 1)))}`)
  }
  return found
}

/** The URL without its port, or with the one it has by default. `:80` for `wss:` is what Twilio's library tries. */
function portSpellings(url: string): string[] {
  const parts = /^([a-z][a-z0-9+.-]*):\/\/((?:[^/?#]*@)?)(\[[^\]]*\]|[^/?#:]*)((?::[^/?#]*)?)(.*)$/is.exec(
    url,
  )
  if (parts === null) return []
  const [, scheme = '', user = '', host = '', port = '', rest = ''] = parts
  const bare = `${scheme}://${user}${host}`
  if (port !== '') return [bare + rest]
  const ports = { https: [443], wss: [443, 80] }[scheme.toLowerCase()] ?? [80]
  return ports.map((number) => `${bare}:${number}${rest}`)
}

function sameText(given: string, expected: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(expected)
  return a.length === b.length && timingSafeEqual(a, b)
}
