import { resolve } from 'node:path'
import { ProviderError } from '@kav/core'
import type { ResolvedParams } from './params.ts'

/** Where one region's requests go and what they carry; everything the SDK client is made from. */
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

/**
 * Reads the params into client settings. No I/O: a key file is only named, not opened.
 * Throws `bad-request` for an endpoint or a JSON key that cannot be read; the message never shows the key.
 */
export function clientSettings(params: ResolvedParams, region: string, baseDir: string): ClientSettings {
  const endpoint = readEndpoint(params, region)
  if (endpoint.plaintext) return { ...endpoint, projectId: params.project || 'local' }
  const project = params.project === '' ? {} : { projectId: params.project }
  const text = params.credentials.trim()
  if (text === '') return { ...endpoint, ...project }
  if (!text.startsWith('{')) return { ...endpoint, keyFilename: resolve(baseDir, text), ...project }
  const key = readKey(text)
  const own = typeof key.project_id === 'string' ? { projectId: key.project_id } : {}
  return { ...endpoint, credentials: key, ...own, ...project }
}

function readEndpoint(
  params: ResolvedParams,
  region: string,
): { host: string; port: number; plaintext: boolean } {
  const configured = params.region_endpoints[region] ?? params.endpoint
  if (configured === '') {
    const host = region === 'global' ? 'speech.googleapis.com' : `${region}-speech.googleapis.com`
    return { host, port: 443, plaintext: false }
  }
  const text = configured.replaceAll('{region}', region)
  const match = /^(?:(https?):\/\/)?(\[[^\]]+\]|[^:/\s]+)(?::(\d+))?\/?$/.exec(text)
  if (match?.[2] === undefined) {
    throw new ProviderError(
      'bad-request',
      `stt.params.endpoint: "${configured}" is not host[:port] with an optional http:// or https://`,
    )
  }
  const plaintext = match[1] === 'http'
  return {
    host: match[2],
    port: match[3] === undefined ? (plaintext ? 80 : 443) : Number(match[3]),
    plaintext,
  }
}

function readKey(text: string): Readonly<Record<string, unknown>> {
  const key = parseJson(text)
  const federated = typeof key?.type === 'string' && key.type !== 'service_account'
  const whole = typeof key?.client_email === 'string' && typeof key.private_key === 'string'
  if (key === undefined || !(federated || whole)) {
    throw new ProviderError(
      'bad-request',
      'stt.params.credentials: not the JSON of a service-account key (client_email and private_key are needed)',
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
