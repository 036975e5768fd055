import type { IncomingHttpHeaders } from 'node:http'
import type { PluginContext } from '@kav/core'
import type { TwilioSettings } from './params.ts'
import { isSigned, NO_FIELDS, type FormFields } from './signature.ts'

export interface GatedRequest {
  readonly at: 'webhook' | 'upgrade' | 'status'
  /** Path and query as received. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly fields?: FormFields
  readonly body?: Buffer
}

/** Lets pass only what Twilio sent. A refusal is logged once with its likely cause, and counted. */
export type SignatureGate = (request: GatedRequest) => boolean

/**
 * Checks against the configured public URL, never against `Host` or a forwarded header: those are the sender's word.
 * They serve only to guess, in the log, why a check failed.
 */
export function createSignatureGate(settings: TwilioSettings, context: PluginContext): SignatureGate {
  const { auth_token: authToken, public_url: publicUrl } = settings
  if (!settings.validate_signature || authToken === undefined || publicUrl === undefined) return () => true
  const mayLog = createLineBudget(context)
  let unlogged = 0
  return (request) => {
    const header = request.headers['x-twilio-signature']
    const signature = typeof header === 'string' ? header : undefined
    const url = publicUrlOf(publicUrl, request.url, request.at === 'upgrade')
    const signed = (candidate: string): boolean =>
      isSigned(
        {
          url: candidate,
          fields: request.fields ?? NO_FIELDS,
          ...(request.body ? { body: request.body } : {}),
        },
        authToken,
        signature,
      )
    if (signed(url)) return true
    context.metrics.count('twilio_signature_failures_total', 1, { at: request.at })
    if (!mayLog()) {
      unlogged++
      return false
    }
    context.log.warn(
      {
        at: request.at,
        checkedUrl: url,
        likelyCause: likelyCause(request, signature, url, signed),
        unlogged,
      },
      'TWILIO: signature refused',
    )
    unlogged = 0
    return false
  }
}

/** Lines at once, and one more each second: finding the cause takes a hundred hashes, and strangers can ask for it. */
const MAX_LINES = 5

function createLineBudget({ clock }: PluginContext): () => boolean {
  let lines = MAX_LINES
  let checkedAtMs = clock.nowMs()
  return () => {
    const nowMs = clock.nowMs()
    lines = Math.min(MAX_LINES, lines + (nowMs - checkedAtMs) / 1000)
    checkedAtMs = nowMs
    if (lines < 1) return false
    lines--
    return true
  }
}

/** `url` (path and query) as the world outside the proxy spells it. */
export function publicUrlOf(publicUrl: string, url: string, webSocket: boolean): string {
  const base = publicUrl.replace(/\/+$/, '')
  return (webSocket ? base.replace(/^http/i, 'ws') : base) + url
}

function likelyCause(
  request: GatedRequest,
  signature: string | undefined,
  url: string,
  signed: (candidate: string) => boolean,
): string {
  if (signature === undefined) {
    return 'no X-Twilio-Signature header: not sent by Twilio, or a proxy removes the header'
  }
  for (const candidate of otherAddresses(request, url)) {
    if (signed(candidate))
      return `signed for ${candidate}: public_url and paths have to match the address Twilio uses`
  }
  return 'auth_token is not the primary token of the account that owns the number, or public_url has another host, or a proxy changes path, query or body'
}

/** Addresses the sender may have meant: the public one spelled otherwise, then those its headers name. */
function* otherAddresses(request: GatedRequest, url: string): Generator<string> {
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
