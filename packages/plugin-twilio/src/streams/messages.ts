/**
 * The messages of a Twilio media stream, both ways. Pure: reading is tolerant, writing is strict.
 * Source: twilio.com/docs/voice/media-streams/websocket-messages.
 */

/** What Twilio says about a stream when it begins. Absent fields are absent on the wire. */
export interface StreamStart {
  readonly streamSid?: string
  readonly callSid?: string
  /** `start.mediaFormat` as it came; `readMediaFormat` judges it. */
  readonly mediaFormat: unknown
  /** The `<Parameter>`s; numbers and booleans as text, anything else left out. */
  readonly parameters: Readonly<Record<string, string>>
}

export type StreamMessage =
  | { readonly event: 'connected' }
  | { readonly event: 'start'; readonly start: StreamStart }
  | { readonly event: 'media'; readonly inbound: boolean; readonly payload: string }
  | { readonly event: 'dtmf'; readonly digit: string }
  | { readonly event: 'mark'; readonly name: string }
  | { readonly event: 'stop' }
  /** `name` is the event's name when it has one. */
  | { readonly event: 'unknown'; readonly name: string }
  /** `problem` is a few constant words: they are a metric's label. */
  | { readonly event: 'unreadable'; readonly problem: 'not-json' | 'not-an-object' | 'bad-fields' }

const UNREADABLE = {
  notJson: { event: 'unreadable', problem: 'not-json' },
  notAnObject: { event: 'unreadable', problem: 'not-an-object' },
  badFields: { event: 'unreadable', problem: 'bad-fields' },
} as const

/**
 * Reads one text message. Never throws. Takes what other implementations of the protocol are seen to send:
 * missing counters and SIDs, numbers where Twilio sends strings, custom parameters at the top level or not at all.
 */
export function parseMessage(text: string): StreamMessage {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return UNREADABLE.notJson
  }
  if (!isRecord(value)) return UNREADABLE.notAnObject
  switch (value['event']) {
    case 'connected':
      return { event: 'connected' }
    case 'start':
      return { event: 'start', start: readStart(value) }
    case 'media':
      return readMedia(value['media'])
    case 'dtmf':
      return readDtmf(value['dtmf'])
    case 'mark':
      return readMark(value['mark'])
    case 'stop':
      return { event: 'stop' }
    default:
      return { event: 'unknown', name: typeof value['event'] === 'string' ? value['event'] : '' }
  }
}

function readStart(message: Record<string, unknown>): StreamStart {
  const start = isRecord(message['start']) ? message['start'] : {}
  const streamSid = text(start['streamSid']) ?? text(message['streamSid'])
  const callSid = text(start['callSid']) ?? text(message['callSid'])
  return {
    ...(streamSid === undefined ? {} : { streamSid }),
    ...(callSid === undefined ? {} : { callSid }),
    mediaFormat: start['mediaFormat'],
    parameters: readParameters(start['customParameters'] ?? message['customParameters']),
  }
}

function readParameters(value: unknown): Record<string, string> {
  const parameters: Record<string, string> = Object.create(null) as Record<string, string>
  if (!isRecord(value)) return parameters
  for (const [name, given] of Object.entries(value)) {
    if (typeof given === 'string') parameters[name] = given
    else if (typeof given === 'number' || typeof given === 'boolean') parameters[name] = String(given)
  }
  return parameters
}

function readMedia(media: unknown): StreamMessage {
  if (!isRecord(media) || typeof media['payload'] !== 'string') return UNREADABLE.badFields
  return { event: 'media', inbound: isInbound(media['track']), payload: media['payload'] }
}

/** The socket says `inbound`, TwiML and `dtmf` say `inbound_track`, and some say nothing: only one track comes. */
function isInbound(track: unknown): boolean {
  return track === undefined || track === null || track === 'inbound' || track === 'inbound_track'
}

function readDtmf(dtmf: unknown): StreamMessage {
  if (!isRecord(dtmf)) return UNREADABLE.badFields
  const digit = typeof dtmf['digit'] === 'number' ? String(dtmf['digit']) : dtmf['digit']
  if (typeof digit !== 'string' || !/^[0-9*#A-Da-d]$/.test(digit)) return UNREADABLE.badFields
  return { event: 'dtmf', digit: digit.toUpperCase() }
}

function readMark(mark: unknown): StreamMessage {
  if (!isRecord(mark) || typeof mark['name'] !== 'string') return UNREADABLE.badFields
  return { event: 'mark', name: mark['name'] }
}

/** Non-empty text, or a number as text. */
function text(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value
  return typeof value === 'number' ? String(value) : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The two halves of a `media` message around its base64. Twilio warns (31951) of any field more or less. */
export function mediaEnvelope(streamSid: string): { readonly before: string; readonly after: string } {
  return {
    before: `{"event":"media","streamSid":${JSON.stringify(streamSid)},"media":{"payload":"`,
    after: '"}}',
  }
}

export function markMessage(streamSid: string, name: string): string {
  return `{"event":"mark","streamSid":${JSON.stringify(streamSid)},"mark":{"name":${JSON.stringify(name)}}}`
}

export function clearMessage(streamSid: string): string {
  return `{"event":"clear","streamSid":${JSON.stringify(streamSid)}}`
}
