import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** A request, as far as it is signed. */
export interface SignedRequest {
  readonly method: string
  /** With its query, as it came. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

export interface Keys {
  readonly id: string
  readonly secret: string
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/

/**
 * Why the signature of a request is not right, by AWS's description of Signature Version 4 and by nothing of its
 * clients; `undefined` when it is.
 */
export function signatureFault(request: SignedRequest, keys: Keys, region: string): string | undefined {
  const { method, url, headers } = request
  const parts = AUTHORIZATION.exec(String(headers.authorization))
  if (parts === null) return 'no signature'
  const [, id, day, inRegion, names, signature] = parts as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  if (id !== keys.id) return `unknown key ${id}`
  if (inRegion !== region) return `region ${inRegion}`
  const signed = names.split(';')
  const date = String(headers['x-amz-date'])
  const unsigned = Object.keys(headers).filter((name) => name.startsWith('x-amz-') && !signed.includes(name))
  if (unsigned.length > 0 || !signed.includes('host')) return `not signed: ${unsigned.join()}`
  const [path = '', query = ''] = url.split('?')
  const canonical = [
    method,
    path,
    query.split('&').sort().join('&'),
    ...signed.map((name) => `${name}:${String(headers[name]).trim().replaceAll(/ +/g, ' ')}`),
    '',
    names,
    String(headers['x-amz-content-sha256']),
  ].join('\n')
  const scope = `${day}/${inRegion}/s3/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n')
  const key = [day, inRegion, 's3', 'aws4_request'].reduce<string | Buffer>(
    (before, part) => hmac(before, part),
    `AWS4${keys.secret}`,
  )
  const right = hmac(key, toSign)
  return timingSafeEqual(right, Buffer.from(signature, 'hex')) ? undefined : 'SignatureDoesNotMatch'
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
