import { escapeXml } from '@kav/core'

/** TwiML documents, as text. Source: twilio.com/docs/voice/twiml. */

export interface StreamTwiml {
  /** `wss://…`, no query string: Twilio refuses one (31920). */
  readonly url: string
  readonly statusCallback?: string
  readonly parameters: readonly StreamParameter[]
}

export interface StreamParameter {
  readonly name: string
  readonly value: string
}

/** Name and value of one `<Parameter>` together have to stay below 500 characters. */
const PARAMETER_CHARACTERS = 499

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

/** Hands the call over to a bidirectional media stream. Nothing follows: when the stream ends, the call ends. */
export function streamTwiml(stream: StreamTwiml): string {
  const callback =
    stream.statusCallback === undefined
      ? ''
      : ` statusCallback="${escapeXml(stream.statusCallback, 'attribute')}" statusCallbackMethod="POST"`
  const parameters = stream.parameters
    .map(
      ({ name, value }) =>
        `<Parameter name="${escapeXml(name, 'attribute')}" value="${escapeXml(value, 'attribute')}"/>`,
    )
    .join('')
  return `${DECLARATION}<Response><Connect><Stream url="${escapeXml(stream.url, 'attribute')}"${callback}>${parameters}</Stream></Connect></Response>`
}

/** Turns the call away: a busy tone, unbilled, or a sentence and hanging up. */
export function refusalTwiml(message?: string, language?: string): string {
  if (message === undefined) return `${DECLARATION}<Response><Reject reason="busy"/></Response>`
  const spoken = language === undefined ? '<Say>' : `<Say language="${escapeXml(language, 'attribute')}">`
  return `${DECLARATION}<Response>${spoken}${escapeXml(message)}</Say><Hangup/></Response>`
}

/** Connects the caller to somebody else. `target` comes from `parseDialTarget`. */
export function dialTwiml(target: DialTarget): string {
  const inner = target.kind === 'sip' ? `<Sip>${escapeXml(target.address)}</Sip>` : escapeXml(target.address)
  return `<Response><Dial>${inner}</Dial></Response>`
}

export interface DialTarget {
  readonly kind: 'number' | 'sip'
  readonly address: string
}

/** An E.164 number (ITU-T E.164: at most 15 digits) or a SIP address; `undefined` for anything else. */
export function parseDialTarget(to: string): DialTarget | undefined {
  if (/^\+[1-9]\d{6,14}$/.test(to)) return { kind: 'number', address: to }
  if (to.length <= 255 && /^sips?:[^\s@<>"']+@[^\s@<>"']+$/i.test(to)) return { kind: 'sip', address: to }
  return undefined
}

/** Cuts a value to what one `<Parameter>` can carry, never through a surrogate pair. */
export function fitParameter(name: string, value: string): string {
  const room = Math.max(0, PARAMETER_CHARACTERS - name.length)
  if (value.length <= room) return value
  const lastUnit = value.charCodeAt(room - 1)
  return value.slice(0, lastUnit >= 0xd800 && lastUnit <= 0xdbff ? room - 1 : room)
}
