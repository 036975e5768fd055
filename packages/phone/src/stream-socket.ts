import { WebSocket } from 'ws'
import { PhoneError } from './phone-error.ts'
import { twilioSignature } from './twilio-signature.ts'
import { forwardedHeaders, SIGNATURE_REFUSED } from './voice-webhook.ts'

export interface StreamSocketOptions {
  /** The URL of the TwiML, which is what is signed. */
  readonly url: string
  /** Where the server is really reached, when the URL's host is a public one that leads to it. */
  readonly dialUrl?: string
  readonly authToken?: string
  readonly timeoutMs?: number
}

const OPEN_TIMEOUT_MS = 10_000
/** More than any audio message needs. */
const MAX_MESSAGE_BYTES = 4 << 20

/**
 * Opens the media stream's WebSocket as Twilio does: signed when there is a token, no subprotocol, no compression.
 * The socket comes paused: put listeners on it, then `resume` it.
 */
export function openStreamSocket(options: StreamSocketOptions): Promise<WebSocket> {
  const { url, authToken, timeoutMs = OPEN_TIMEOUT_MS } = options
  const dialUrl = options.dialUrl ?? url
  const headers: Record<string, string> = {
    'User-Agent': 'Twilio.TmeWs/1.0',
    Host: new URL(url).host,
    ...(dialUrl === url ? {} : forwardedHeaders({ publicUrl: url.replace(/^ws/, 'http') })),
  }
  if (authToken !== undefined) headers['X-Twilio-Signature'] = twilioSignature(authToken, url)
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown): void => {
      const where = dialUrl === url ? url : `${url} (dialled at ${dialUrl})`
      reject(new PhoneError('KAV_PHONE_STREAM_FAILED', `${where}: ${why}`, { cause }))
    }
    const socket = new WebSocket(dialUrl, {
      headers,
      handshakeTimeout: timeoutMs,
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      followRedirects: false,
    })
    socket.once('unexpected-response', (request, response) => {
      request.destroy()
      const why = response.statusCode === 403 ? `: ${SIGNATURE_REFUSED}` : ''
      fail(`the upgrade was answered ${response.statusCode}, not 101 (Twilio error 31920)${why}`)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      fail(error.code === 'ECONNREFUSED' ? 'connection refused (Twilio error 31902)' : error.message, error)
    })
    socket.once('open', () => {
      // A later fault also closes the socket, and the close tells.
      socket.on('error', () => undefined)
      // Whoever takes the socket resumes it with its listeners on: nothing the server says at once is missed.
      socket.pause()
      resolve(socket)
    })
  })
}

/**
 * Where to dial for a URL that the server gave: one with the host of the webhook or of its public face leads to
 * where the webhook was really reached; any other is dialled as it stands. A prefix of the public URL that a proxy
 * takes off is taken off here too, unless the webhook is asked for with it.
 */
export function dialUrlFor(givenUrl: string, webhookUrl: string, publicUrl: string | undefined): string {
  const given = new URL(givenUrl)
  const webhook = new URL(webhookUrl)
  if (given.host !== webhook.host && given.host !== (publicUrl && new URL(publicUrl).host)) return givenUrl
  const secure = webhook.protocol === 'https:' ? 's' : ''
  const scheme = given.protocol.startsWith('ws') ? 'ws' : 'http'
  return `${scheme}${secure}://${webhook.host}${dialPath(given, webhook, publicUrl)}${given.search}`
}

function dialPath(given: URL, webhook: URL, publicUrl: string | undefined): string {
  const prefix = publicUrl === undefined ? '' : prefixOf(publicUrl)
  const stripped = prefix !== '' && !webhook.pathname.startsWith(`${prefix}/`)
  return stripped && given.pathname.startsWith(`${prefix}/`)
    ? given.pathname.slice(prefix.length)
    : given.pathname
}

/** The public URL of what is asked for at `webhookUrl`: its path below the public prefix, which may be in it already. */
export function publicWebhookUrl(webhookUrl: string, publicUrl: string): string {
  const { pathname, search } = new URL(webhookUrl)
  const prefix = prefixOf(publicUrl)
  const path = prefix !== '' && pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : pathname
  return publicUrl.replace(/\/+$/, '') + path + search
}

/** The same of a media stream. */
export function publicStreamUrl(streamUrl: string, publicUrl: string): string {
  return publicWebhookUrl(streamUrl, publicUrl).replace(/^http/i, 'ws')
}

/** `/kav` of `https://example.com/kav/`; empty for none. */
const prefixOf = (publicUrl: string): string => new URL(publicUrl).pathname.replace(/\/+$/, '')
