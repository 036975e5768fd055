import type { IncomingHttpHeaders } from 'node:http'
import type { Logger, PluginContext } from '@kav/core'
import { MAX_FIELDS, NO_FIELDS, parseForm, type FormFields } from './form-fields.ts'
import { authTokens } from '../params/credentials.ts'
import { createCauseFinder } from './likely-cause.ts'
import type { TwilioSettings } from '../params/params.ts'
import { publicUrlOf } from './public-url.ts'
import { isSignatureShaped, SignatureCheck } from './signature.ts'

export interface GatedRequest {
  readonly at: 'webhook' | 'upgrade' | 'status'
  /** Path and query as received. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  /** A form, or JSON when the URL carries its hash. */
  readonly body?: Buffer
}

/** Why a request is not let in: a metric's label. */
export type GateRefusal =
  'no-signature' | 'malformed-signature' | 'url-too-long' | 'too-many-fields' | 'wrong-signature'

export type GateVerdict =
  | {
      readonly fields: FormFields
      /** What proves the request; absent where signatures are not checked. */
      readonly proof?: string
    }
  | { readonly refused: GateRefusal }

/**
 * Lets pass only what Twilio sent, and is the only way to a request's fields. A refusal is counted, and logged within
 * the log's limits.
 *
 * Until the signature is proven all work is bounded: a form of so many fields, a URL of so many characters, its ten
 * spellings, and nothing at all for what cannot be a signature.
 */
export type SignatureGate = (request: GatedRequest) => GateVerdict

/** Twilio takes no longer ones for a webhook. */
const MAX_URL_CHARACTERS = 4000
const MAX_LOGGED_CHARACTERS = 300

/**
 * Checks against the configured public URL, never against `Host` or a forwarded header: those are the sender's word.
 * They serve only to guess, in the log, why a check failed.
 *
 * @param log limited: everybody can cause its lines.
 */
export function createSignatureGate(
  settings: TwilioSettings,
  context: PluginContext,
  log: Logger,
): SignatureGate {
  const { public_url: publicUrl, validate_signature: checks } = settings
  const tokens = authTokens(settings)
  const refuse = (request: GatedRequest, refused: GateRefusal): GateVerdict => {
    context.metrics.count('twilio_signature_failures_total', 1, { at: request.at, reason: refused })
    return { refused }
  }
  const unchecked = (request: GatedRequest): GateVerdict =>
    readFields(request) ?? refuse(request, 'too-many-fields')
  if (checks === false || tokens.length === 0 || publicUrl === undefined) return unchecked
  const findCause = createCauseFinder(context.clock, tokens)

  return (request) => {
    const { at } = request
    if (checks === 'webhook' && at === 'upgrade') return unchecked(request)
    const checkedUrl = publicUrlOf(publicUrl, request.url, at === 'upgrade')
    const shown = { at, checkedUrl: checkedUrl.slice(0, MAX_LOGGED_CHARACTERS) }
    const told = (reason: GateRefusal, likelyCause: string): GateVerdict => {
      log.warn({ ...shown, likelyCause }, 'TWILIO: signature refused')
      return refuse(request, reason)
    }
    const signature = request.headers['x-twilio-signature']
    if (typeof signature !== 'string' || signature === '') return told('no-signature', CAUSES.unsigned)
    if (!isSignatureShaped(signature)) return told('malformed-signature', CAUSES.malformed)
    if (request.url.length > MAX_URL_CHARACTERS) return told('url-too-long', CAUSES.longUrl)
    const read = readFields(request)
    if (read === undefined) return told('too-many-fields', CAUSES.manyFields)
    const { body } = request
    const check = new SignatureCheck(tokens, { ...read, signature, ...(body ? { body } : {}) })
    if (check.fits(checkedUrl)) return { ...read, proof: signature }
    findCause({ ...request, ...read }, checkedUrl, check, (likelyCause) => {
      const found = likelyCause === undefined ? {} : { likelyCause }
      log.warn({ ...shown, ...found }, 'TWILIO: signature refused')
    })
    return refuse(request, 'wrong-signature')
  }
}

const CAUSES = {
  unsigned: 'no X-Twilio-Signature header: not sent by Twilio, or a proxy removes the header',
  malformed: 'X-Twilio-Signature is no signature: not sent by Twilio',
  longUrl: `an address of more than ${MAX_URL_CHARACTERS} characters: not sent by Twilio`,
  manyFields: `more than ${MAX_FIELDS} fields: not sent by Twilio`,
}

function readFields({ body }: GatedRequest): { fields: FormFields } | undefined {
  const fields = body === undefined ? NO_FIELDS : parseForm(body)
  return fields && { fields }
}
