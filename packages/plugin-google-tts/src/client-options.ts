import { resolve } from 'node:path'
import { ProviderError } from '@kav/core'
import type { ResolvedParams } from './params.ts'

/** Where requests go and what they carry; everything the SDK client is made from. */
export interface ClientSettings {
  readonly host: string
  readonly port: number
  /** No TLS and no credentials: only for a server on this machine. */
  readonly plaintext: boolean
  readonly keyFilename?: string
  readonly credentials?: { readonly client_email: string; readonly private_key: string }
  readonly projectId?: string
}

/**
 * Reads the params into client settings. No I/O: a key file is only named, not opened.
 * Throws `bad-request` for an endpoint or a JSON key that cannot be read; the message never shows the key.
 */
export function clientSettings(params: ResolvedParams, baseDir: string): ClientSettings {
  const endpoint = readEndpoint(params)
  if (endpoint.plaintext) return { ...endpoint, projectId: params.project || 'local' }
  const project = params.project === '' ? {} : { projectId: params.project }
  const text = params.credentials.trim()
  if (text === '') return { ...endpoint, ...project }
  if (!text.startsWith('{')) return { ...endpoint, keyFilename: resolve(baseDir, text), ...project }
  const key = readKey(text)
  return {
    ...endpoint,
    credentials: key.credentials,
    ...(key.projectId && { projectId: key.projectId }),
    ...project,
  }
}

function readEndpoint(params: ResolvedParams): { host: string; port: number; plaintext: boolean } {
  const { region, endpoint: configured } = params
  if (configured === '') {
    const host = region === 'global' ? 'texttospeech.googleapis.com' : `${region}-texttospeech.googleapis.com`
    return { host, port: 443, plaintext: false }
  }
  const match = /^(?:(https?):\/\/)?(\[[^\]]+\]|[^:/\s]+)(?::(\d+))?\/?$/.exec(configured)
  if (match?.[2] === undefined) {
    throw new ProviderError(
      'bad-request',
      `tts.params.endpoint: "${configured}" is not host[:port] with an optional http:// or https://`,
    )
  }
  const plaintext = match[1] === 'http'
  return {
    host: match[2],
    port: match[3] === undefined ? (plaintext ? 80 : 443) : Number(match[3]),
    plaintext,
  }
}

function readKey(text: string): {
  credentials: { client_email: string; private_key: string }
  projectId: string | undefined
} {
  const key = parseJson(text)
  if (typeof key?.client_email !== 'string' || typeof key.private_key !== 'string') {
    throw new ProviderError(
      'bad-request',
      'tts.params.credentials: not the JSON of a service-account key (client_email and private_key are needed)',
    )
  }
  return {
    credentials: { client_email: key.client_email, private_key: key.private_key },
    projectId: typeof key.project_id === 'string' ? key.project_id : undefined,
  }
}

function parseJson(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
}
