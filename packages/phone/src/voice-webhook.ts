import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { PhoneError } from './phone-error.ts'
import { twilioSignature } from './twilio-signature.ts'

/** What a 403 means to who dials, at the webhook and at the stream. */
export const SIGNATURE_REFUSED =
  'the server refused the signature: give the phone the same auth token and public URL as the server'

/** Who calls whom, under the names Twilio gives it. */
export interface CallIdentity {
  readonly accountSid: string
  readonly callSid: string
  readonly from: string
  readonly to: string
  readonly direction: 'inbound' | 'outbound-api'
}

export interface VoiceWebhookOptions {
  /** Where the request goes. */
  readonly url: string
  /** The URL the server believes it has, which is what is signed and named in `Host`. Default: `url`. */
  readonly publicUrl?: string
  /** Signs the request. Absent: no signature is sent. */
  readonly authToken?: string
  readonly timeoutMs?: number
}

/** Twilio gives a voice webhook 15 seconds. */
const WEBHOOK_TIMEOUT_MS = 15_000
const XML_TYPE = /^\s*(text|application)\/(\S+\+)?xml\b/i
const MAX_BODY_BYTES = 1 << 20

/** The form fields of a voice webhook (twilio.com/docs/voice/twiml#request-parameters). */
export function voiceWebhookFields(call: CallIdentity): Record<string, string> {
  return {
    AccountSid: call.accountSid,
    ApiVersion: '2010-04-01',
    CallSid: call.callSid,
    CallStatus: call.direction === 'inbound' ? 'ringing' : 'in-progress',
    Called: call.to,
    Caller: call.from,
    Direction: call.direction,
    From: call.from,
    To: call.to,
  }
}

/** Asks the server what to do with the call. Returns the body of a 200 answer. */
export async function requestVoiceWebhook(call: CallIdentity, options: VoiceWebhookOptions): Promise<string> {
  const answer = await postForm(voiceWebhookFields(call), options)
  if (answer.status !== 200) throw refused(options.url, answer)
  if (!XML_TYPE.test(answer.contentType)) {
    const found = answer.contentType === '' ? 'nothing' : answer.contentType
    throw new PhoneError(
      'KAV_PHONE_WEBHOOK_FAILED',
      `POST ${options.url} answered Content-Type ${found}; TwiML is text/xml (Twilio error 12300)`,
    )
  }
  return answer.body
}

export interface FormAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** POSTs fields as Twilio does, signed when there is a token. Throws `KAV_PHONE_WEBHOOK_FAILED` without an answer. */
export async function postForm(
  fields: Readonly<Record<string, string>>,
  options: VoiceWebhookOptions,
): Promise<FormAnswer> {
  const body = new URLSearchParams(fields).toString()
  const publicUrl = options.publicUrl ?? options.url
  const headers: Record<string, string> = {
    'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
    'Content-Length': String(Buffer.byteLength(body)),
    'User-Agent': 'TwilioProxy/1.1',
    Host: new URL(publicUrl).host,
    ...forwardedHeaders(options),
  }
  if (options.authToken !== undefined) {
    headers['X-Twilio-Signature'] = twilioSignature(options.authToken, publicUrl, fields)
  }
  return post(options.url, headers, body, options.timeoutMs ?? WEBHOOK_TIMEOUT_MS)
}

/** What a tunnel in front of a local server adds. */
export function forwardedHeaders(options: { publicUrl?: string }): Record<string, string> {
  return options.publicUrl === undefined
    ? {}
    : { 'X-Forwarded-Proto': new URL(options.publicUrl).protocol.slice(0, -1) }
}

function refused(url: string, answer: { status: number; body: string }): PhoneError {
  const hints: Record<number, string> = {
    403: SIGNATURE_REFUSED,
    404: 'nothing answers at this path: check the path of the voice webhook',
    405: 'the path takes another method: voice webhooks are POSTed',
    503: 'the server takes no calls now (draining or full)',
  }
  const hint = hints[answer.status] ?? (answer.status >= 500 ? 'see the log of the server' : 'expected 200')
  const said = answer.body.trim().slice(0, 200)
  return new PhoneError(
    'KAV_PHONE_WEBHOOK_FAILED',
    `POST ${url} answered ${answer.status}: ${hint}${said === '' ? '' : `; it said: ${said}`}`,
    { details: { status: answer.status } },
  )
}

function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  timeoutMs: number,
): Promise<FormAnswer> {
  return new Promise((resolve, reject) => {
    const send = new URL(url).protocol === 'https:' ? httpsRequest : httpRequest
    const signal = AbortSignal.timeout(timeoutMs)
    const onFault = (thrown: unknown): void => {
      const why = signal.aborted
        ? `no answer within ${timeoutMs} ms`
        : thrown instanceof Error
          ? thrown.message || (thrown as NodeJS.ErrnoException).code
          : String(thrown)
      reject(new PhoneError('KAV_PHONE_WEBHOOK_FAILED', `POST ${url}: ${why}`, { cause: thrown }))
    }
    const request = send(url, { method: 'POST', headers, agent: false, signal }, (answer) => {
      const contentType = answer.headers['content-type'] ?? ''
      readBody(answer).then(
        (text) => resolve({ status: answer.statusCode ?? 0, contentType, body: text }),
        onFault,
      )
    })
    request.on('error', onFault)
    request.end(body)
  })
}

async function readBody(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) throw new Error(`the answer is longer than ${MAX_BODY_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
