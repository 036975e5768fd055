import type {
  CallPlace,
  CallRefusal,
  HttpRequest,
  HttpResponse,
  Logger,
  OfferedCall,
  PluginContext,
} from '@kav/core'
import { isCallSid } from './call-sid.ts'
import { type FormFields, parseForm } from '../signing/form-fields.ts'
import type { TwilioSettings } from '../params/params.ts'
import { pipelineIn, streamParameters, withValues } from './call-values.ts'
import type { PromisedCalls } from './promised-calls.ts'
import { publicUrlOf } from '../signing/public-url.ts'
import type { ReplayGuard } from '../signing/replay-guard.ts'
import type { GateRefusal, SignatureGate } from '../signing/signature-gate.ts'
import type { StreamTokens } from './stream-token.ts'
import { dialTwiml, parseDialTarget, refusalTwiml, streamTwiml } from './twiml.ts'

export interface WebhookOptions {
  readonly settings: TwilioSettings
  readonly context: PluginContext
  readonly gate: SignatureGate
  readonly replays: ReplayGuard
  readonly tokens: StreamTokens
  /** Limited, for what nobody has proven. */
  readonly limitedLog: Logger
  /** Places of the calls that were told to open a stream. */
  readonly promised: PromisedCalls
  /** Asks for a place that is kept as long as a token is good. */
  admit(call: OfferedCall): CallPlace | CallRefusal | Promise<CallPlace | CallRefusal>
  /** As `TransportHost.onUnproven`. */
  onUnproven(call: OfferedCall): void
  /** Where the stream is to come to. */
  readonly mediaPath: string
}

/** How the answer begins to a form that names no call. */
export const NO_CALL_SID = 'No usable CallSid'

const MAX_LOGGED_CHARACTERS = 100

interface AskedCall {
  readonly fields: FormFields
  readonly url: string
  readonly host: string | undefined
  readonly log: Logger
}

/** Answers the voice webhook: the order to open a media stream, or a refusal. */
export function createVoiceWebhook(options: WebhookOptions): (request: HttpRequest) => Promise<HttpResponse> {
  const { settings, context, gate, replays, tokens, limitedLog } = options
  const count = (outcome: string): void => context.metrics.count('twilio_webhooks_total', 1, { outcome })
  const countCut = (how: 'shortened' | 'left-out', values: number): void =>
    context.metrics.count('twilio_parameters_cut_total', values, { how })

  async function takeCall(asked: AskedCall): Promise<HttpResponse> {
    const { fields, url, host, log } = asked
    const callSid = fields.get('CallSid')?.[0]
    if (!isCallSid(callSid)) {
      count('bad-request')
      return plain(400, `${NO_CALL_SID}: this is Twilio’s voice webhook, called by POST with a form.\n`)
    }
    const addresses = streamAddresses(options, host)
    if (addresses === undefined) {
      count('bad-request')
      return plain(400, 'No Host header, and no public_url is configured.\n')
    }
    const caller = { from: shown(fields, 'From'), to: shown(fields, 'To') }
    const told = streamParameters({ fields, url }, settings)
    const values = Object.fromEntries(told.parameters.map(({ name, value }) => [name, value]))
    const pipeline = pipelineIn(url)
    const offered = { id: callSid, ...caller, values, ...(pipeline !== undefined && { pipeline }) }
    const place = await options.admit(offered)
    if ('refused' in place) {
      count('refused')
      const refused = { call: callSid, reason: place.refused, instead: place.instead.how, private: caller }
      log.warn(refused, 'TWILIO: call refused')
      return insteadOfCall(place.instead, settings)
    }
    options.promised.add(callSid, place)
    count('answered')
    log.info({ call: callSid, private: caller }, 'TWILIO: call offered')
    if (told.shortened > 0) countCut('shortened', told.shortened)
    const all = withValues(told.parameters, place.values)
    const leftOut = told.leftOut + all.leftOut
    if (leftOut > 0) countCut('left-out', leftOut)
    const parameters = [{ name: 'token', value: tokens.mint(callSid, place.ticket) }, ...all.parameters]
    return twiml(streamTwiml({ ...addresses, parameters }))
  }

  return async ({ url, headers, body }) => {
    const verdict = gate({ at: 'webhook', url, headers, body })
    if ('refused' in verdict) {
      count('forbidden')
      const call = unprovenCall(body)
      if (call !== undefined) options.onUnproven(call)
      return refusedAnswer(verdict.refused)
    }
    const log = verdict.proof === undefined ? limitedLog : context.log
    return replays.once('webhook', verdict.proof, () =>
      takeCall({ fields: verdict.fields, url, host: headers.host, log }),
    )
  }
}

/** A form of Twilio's has a few KB: nothing larger is read of somebody who proves nothing. */
const MAX_UNPROVEN_BYTES = 16_384
/** A number, an address of SIP, or a client's name: nothing that could be taken for something else where it is shown. */
const PARTY = /^[+\w.:@;=-]{1,100}$/

function unprovenCall(body: Buffer | undefined): OfferedCall | undefined {
  const fields = body === undefined || body.length > MAX_UNPROVEN_BYTES ? undefined : parseForm(body)
  const id = fields?.get('CallSid')?.[0]
  if (!isCallSid(id)) return undefined
  const party = (name: string): string | undefined => fields?.get(name)?.find((value) => PARTY.test(value))
  return { id, from: party('From'), to: party('To') }
}

/** 503 without a TwiML document: a balancer tries the next process, and Twilio itself the fallback URL. */
function insteadOfCall(instead: CallRefusal['instead'], settings: TwilioSettings): HttpResponse {
  if (instead.how === 'elsewhere') return plain(503, 'No more calls here now.\n', { 'retry-after': '1' })
  const target = instead.how === 'forward' ? parseDialTarget(instead.to) : undefined
  if (target !== undefined) return twiml(dialTwiml(target))
  const say = instead.how === 'refuse' ? instead.say : undefined
  return twiml(refusalTwiml(say ?? settings.refuse_message, settings.refuse_language))
}

/** Says what was wrong where it is no secret: a signature that does not fit is all the same to its sender. */
export function refusedAnswer(refused: GateRefusal): HttpResponse {
  if (refused === 'too-many-fields') return plain(413, 'Too many fields.\n')
  if (refused === 'url-too-long') return plain(414, 'The address is too long.\n')
  return plain(
    403,
    'X-Twilio-Signature is missing or wrong for this URL. The server’s log says which URL was checked.\n',
  )
}

function shown(fields: FormFields, name: string): string | undefined {
  return fields.get(name)?.[0]?.slice(0, MAX_LOGGED_CHARACTERS)
}

/** `Host` is believed only when signatures are off, which is for local use. */
function streamAddresses(
  { settings, mediaPath }: Pick<WebhookOptions, 'settings' | 'mediaPath'>,
  host: string | undefined,
): { url: string; statusCallback: string } | undefined {
  const base = settings.public_url ?? (host === undefined ? undefined : `http://${host}`)
  if (base === undefined) return undefined
  return {
    url: publicUrlOf(base, mediaPath, true),
    statusCallback: publicUrlOf(base, settings.status_path, false),
  }
}

function twiml(body: string): HttpResponse {
  return { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body }
}

export function plain(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body }
}
