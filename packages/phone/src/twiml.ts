import { PhoneError } from './phone-error.ts'
import { parseXml, type XmlElement } from './xml.ts'

/** What `<Connect><Stream>` asks for. */
export interface StreamTarget {
  readonly url: string
  /** The `<Parameter>`s, which become `start.customParameters`. */
  readonly parameters: Readonly<Record<string, string>>
  readonly statusCallback?: string
  /** The `name` of the stream, if it has one. */
  readonly name?: string
  /** Verbs after `<Connect>`, which Twilio would execute once the server closed the socket. */
  readonly verbsAfter: readonly string[]
  /** What real Twilio would object to although this phone can go on. */
  readonly violations: readonly string[]
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

function fail(message: string): never {
  throw new PhoneError('KAV_PHONE_TWIML_INVALID', `TwiML: ${message}`)
}

function explainVerb(verb: XmlElement): string {
  switch (verb.name) {
    case 'Reject':
      return `the server rejects the call (reason "${verb.attributes['reason'] ?? 'rejected'}")`
    case 'Hangup':
      return 'the server hangs up at once'
    case 'Say':
      return `refused, and told: "${verb.text.trim()}"`
    case 'Start':
      return '<Start><Stream> only listens; answer <Connect><Stream> to hold a conversation'
    default:
      return `<${verb.name}> comes before <Connect>; this phone plays <Connect><Stream> only`
  }
}

function readParameters(stream: XmlElement, violations: string[]): Record<string, string> {
  const parameters: Record<string, string> = {}
  for (const child of stream.children) {
    if (child.name !== 'Parameter') {
      violations.push(`<${child.name}> inside <Stream>`)
      continue
    }
    const { name, value } = child.attributes
    if (name === undefined || value === undefined) fail('<Parameter> needs both name and value')
    if (name.length + value.length >= 500) {
      violations.push(`<Parameter name="${name}">: name and value together must be under 500 characters`)
    }
    parameters[name] = value
  }
  return parameters
}

function checkUrl(url: string, violations: string[]): void {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    fail(`<Stream url="${url}"> is not a URL (Twilio error 31923)`)
  }
  if (parsed.protocol !== 'wss:' && parsed.protocol !== 'ws:') {
    fail(`<Stream url="${url}"> must begin with wss:// (Twilio error 31922)`)
  }
  if (parsed.protocol === 'ws:' && !LOOPBACK.test(parsed.hostname)) {
    violations.push(`<Stream url="${url}">: Twilio connects to wss:// only (error 31922)`)
  }
  if (parsed.search !== '') violations.push('<Stream url>: a query string is not allowed (error 31920)')
}

/**
 * Reads the webhook's answer. Throws `KAV_PHONE_TWIML_INVALID` when it does not lead to a two-way media stream;
 * the message says what it does instead.
 */
export function readTwiml(body: string): StreamTarget {
  if (body.trim() === '') fail('the webhook answered an empty body')
  let root: XmlElement
  try {
    root = parseXml(body)
  } catch (thrown) {
    fail(thrown instanceof Error ? thrown.message : String(thrown))
  }
  if (root.name !== 'Response') fail(`the root element is <${root.name}>, not <Response>`)
  const [verb, ...after] = root.children
  if (!verb) fail('<Response> is empty, which hangs up')
  if (verb.name !== 'Connect') fail(explainVerb(verb))
  const stream = verb.children.find((child) => child.name === 'Stream')
  if (!stream)
    fail(`<Connect> holds ${verb.children[0] ? `<${verb.children[0].name}>` : 'nothing'}, not <Stream>`)
  const violations: string[] = []
  if (verb.children.length > 1) violations.push('<Connect> takes one <Stream> only')
  const url = stream.attributes['url']
  if (url === undefined) fail('<Stream> has no url')
  checkUrl(url, violations)
  const track = stream.attributes['track']
  if (track !== undefined && track !== 'inbound_track') {
    violations.push(`<Stream track="${track}">: only inbound_track goes with <Connect> (error 31941)`)
  }
  const parameters = readParameters(stream, violations)
  const { statusCallback, name } = stream.attributes
  return {
    url,
    parameters,
    ...(statusCallback !== undefined && { statusCallback }),
    ...(name !== undefined && { name }),
    verbsAfter: after.map((next) => next.name),
    violations,
  }
}
