import { resolve } from 'node:path'
import { ProviderError } from '@kav/core'

/** Where one region's requests go and what they carry; everything an SDK client is made from. */
export interface ClientSettings {
  readonly host: string
  readonly port: number
  /** No TLS and no credentials: only for a server on this machine. */
  readonly plaintext: boolean
  readonly keyFilename?: string
  /** A key as Google issues it: of a service account, or of a federated or impersonated identity. */
  readonly credentials?: Readonly<Record<string, unknown>>
  readonly projectId?: string
}

/** The params that settings are read from. */
export interface EndpointAndKey {
  /** Whose params a message names. */
  readonly stage: 'stt' | 'tts'
  /** First label of the service's host, `speech`. */
  readonly api: string
  readonly region: string
  /** host[:port] with an optional http:// or https://; `''` is Google's own for the region. */
  readonly endpoint: string
  readonly project: string
  /** Path of a key file, from `baseDir`, or the JSON of one, plain or in base64; `''` is application default credentials. */
  readonly credentials: string
  readonly baseDir: string
}

/**
 * Reads params into client settings. No I/O: a key file is only named, not opened.
 * Throws `bad-request` for an endpoint or a JSON key that cannot be read; the message never shows the key.
 */
export function readClientSettings(given: EndpointAndKey): ClientSettings {
  const endpoint = readEndpoint(given)
  if (endpoint.plaintext) return { ...endpoint, projectId: given.project || 'local' }
  const project = given.project === '' ? {} : { projectId: given.project }
  const text = decodedKey(given.credentials.trim())
  if (text === '') return { ...endpoint, ...project }
  if (isPath(text)) return { ...endpoint, keyFilename: resolve(given.baseDir, text), ...project }
  const key = readKey(text, given.stage)
  const own = typeof key.project_id === 'string' ? { projectId: key.project_id } : {}
  return { ...endpoint, credentials: key, ...own, ...project }
}

/** Many keep the JSON of a key in base64, because it has line ends that an environment file does not take. */
function decodedKey(text: string): string {
  // `{` is `e` or `ew`; no path of a file is that long without a dot or a blank.
  if (!/^e[A-Za-z0-9+/_\-\s]{60,}={0,2}$/.test(text)) return text
  const decoded = Buffer.from(text, 'base64').toString('utf8').trim()
  return decoded.startsWith('{') ? decoded : text
}

/** What is longer, has lines or is a key itself would only stand in the message that no such file exists. */
function isPath(text: string): boolean {
  return !text.startsWith('{') && text.length < 500 && !/[\r\n]|-----BEGIN/.test(text)
}

function readEndpoint(given: EndpointAndKey): { host: string; port: number; plaintext: boolean } {
  const { api, region, endpoint } = given
  if (endpoint === '') {
    const host = region === 'global' ? `${api}.googleapis.com` : `${region}-${api}.googleapis.com`
    return { host, port: 443, plaintext: false }
  }
  const match = /^(?:(https?):\/\/)?(\[[^\]]+\]|[^:/\s]+)(?::(\d+))?\/?$/.exec(endpoint)
  if (match?.[2] === undefined) {
    throw new ProviderError(
      'bad-request',
      `${given.stage}.params.endpoint: "${endpoint}" is not host[:port] with an optional http:// or https://`,
    )
  }
  const plaintext = match[1] === 'http'
  return {
    host: match[2],
    port: match[3] === undefined ? (plaintext ? 80 : 443) : Number(match[3]),
    plaintext,
  }
}

function readKey(text: string, stage: string): Readonly<Record<string, unknown>> {
  const key = parseJson(text)
  const federated = typeof key?.type === 'string' && key.type !== 'service_account'
  const whole = typeof key?.client_email === 'string' && typeof key.private_key === 'string'
  if (key === undefined || !(federated || whole)) {
    throw new ProviderError(
      'bad-request',
      `${stage}.params.credentials: neither a path nor the JSON of a service-account key (client_email and private_key are needed)`,
    )
  }
  return key
}

function parseJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
