/** What the server said, as far as it can be understood. `audio` is lent: valid until the next `read`. */
export type ServerMessage =
  | { readonly type: 'media'; readonly audio: Uint8Array }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'clear' }

/** Reads the server's messages as strictly as Twilio's warnings 31950 and 31951 describe. */
export interface ServerMessageReader {
  /** One text message. `undefined` when nothing can be made of it; every fault was reported as a violation. */
  read(data: Buffer): ServerMessage | undefined
}

const SHAPES: Readonly<Record<string, readonly string[]>> = {
  media: ['event', 'streamSid', 'media'],
  mark: ['event', 'streamSid', 'mark'],
  clear: ['event', 'streamSid'],
}
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/
const FILE_HEADERS: Readonly<Record<string, string>> = {
  RIFF: 'WAV',
  OggS: 'Ogg',
  fLaC: 'FLAC',
  'ID3\x03': 'MP3',
}

/** Fewer may be chance. */
const MIN_ZERO_BYTES = 20

type Fields = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

type OnViolation = (text: string) => void

function checkFields(
  where: string,
  found: Fields,
  expected: readonly string[],
  onViolation: OnViolation,
): void {
  for (const name of Object.keys(found)) {
    if (!expected.includes(name)) onViolation(`${where}: extra field "${name}" (Twilio warning 31951)`)
  }
  for (const name of expected) {
    if (!(name in found)) onViolation(`${where}: missing field "${name}" (Twilio warning 31951)`)
  }
}

function readMark(message: Fields, onViolation: OnViolation): ServerMessage | undefined {
  if (!isObject(message['mark'])) return void onViolation('mark: "mark" is not an object')
  checkFields('mark.mark', message['mark'], ['name'], onViolation)
  const name = message['mark']['name']
  if (typeof name !== 'string' || name === '') return void onViolation('mark: "name" is not a text')
  return { type: 'mark', name }
}

/** Base64 into bytes that are used again for the next; what cannot be mu-law speech is reported. */
function createPayloadReader(onViolation: OnViolation) {
  let scratch = Buffer.alloc(1024)
  const media: { type: 'media'; audio: Uint8Array } = { type: 'media', audio: scratch }

  function decode(payload: string): Uint8Array {
    if (payload.length > scratch.length) scratch = Buffer.alloc(payload.length * 2)
    return scratch.subarray(0, scratch.write(payload, 'base64'))
  }

  function take(audio: Uint8Array): ServerMessage {
    const bytes = audio.length
    if (bytes === 0) onViolation('media: empty payload')
    const header = bytes >= 4 ? FILE_HEADERS[scratch.toString('latin1', 0, 4)] : undefined
    if (header) onViolation(`media: the payload begins with a ${header} header; it must be raw mu-law`)
    if (bytes >= MIN_ZERO_BYTES && audio[0] === 0 && audio.every((code) => code === 0)) {
      onViolation('media: all zero bytes, which is full-scale noise; silence in mu-law is 0xFF')
    }
    media.audio = audio
    return media
  }

  return { decode, take }
}

export function createServerMessageReader(streamSid: string, onViolation: OnViolation): ServerMessageReader {
  const payloads = createPayloadReader(onViolation)
  /** The bytes around the payload of a media message already found right: most messages need no parsing. */
  let head: Buffer | undefined
  let tail: Buffer | undefined

  function fast(data: Buffer): ServerMessage | undefined {
    if (!head || !tail || data.length < head.length + tail.length) return undefined
    const end = data.length - tail.length
    if (data.compare(head, 0, head.length, 0, head.length) !== 0) return undefined
    if (data.compare(tail, 0, tail.length, end) !== 0) return undefined
    const payload = data.toString('latin1', head.length, end)
    const padding = payload.endsWith('==') ? 2 : payload.endsWith('=') ? 1 : 0
    const audio = payloads.decode(payload)
    // A character outside base64 is skipped by the decoder, so the length tells.
    if (payload.length % 4 !== 0 || audio.length !== (payload.length / 4) * 3 - padding) return undefined
    return payloads.take(audio)
  }

  function readMedia(message: Fields, data: Buffer): ServerMessage | undefined {
    if (!isObject(message['media'])) return void onViolation('media: "media" is not an object')
    checkFields('media.media', message['media'], ['payload'], onViolation)
    const payload = message['media']['payload']
    if (typeof payload !== 'string') return void onViolation('media: "payload" is not a string')
    if (!BASE64.test(payload) || payload.length % 4 !== 0) {
      return void onViolation('media: "payload" is not base64')
    }
    const right = Object.keys(message).length === 3 && message['streamSid'] === streamSid
    const at = data.indexOf(`"payload":"${payload}"`)
    if (!head && right && at > 0 && payload !== '' && Object.keys(message['media']).length === 1) {
      head = Buffer.from(data.subarray(0, at + 11))
      tail = Buffer.from(data.subarray(at + 11 + payload.length))
    }
    return payloads.take(payloads.decode(payload))
  }

  function slow(data: Buffer): ServerMessage | undefined {
    let message: unknown
    try {
      message = JSON.parse(data.toString('utf8'))
    } catch {
      return void onViolation(
        `not JSON: ${JSON.stringify(data.toString('utf8', 0, 40))} (Twilio warning 31951)`,
      )
    }
    if (!isObject(message)) return void onViolation('not a JSON object (Twilio warning 31951)')
    const event = message['event']
    const shape = typeof event === 'string' && Object.hasOwn(SHAPES, event) ? SHAPES[event] : undefined
    if (typeof event !== 'string' || !shape) {
      const name = JSON.stringify(event) ?? 'none'
      return void onViolation(
        `unknown event ${name}: only media, mark and clear exist (Twilio warning 31951)`,
      )
    }
    checkFields(event, message, shape, onViolation)
    if ('streamSid' in message && message['streamSid'] !== streamSid) {
      onViolation(`${event}: streamSid ${JSON.stringify(message['streamSid'])} is not this stream's (31951)`)
      return undefined
    }
    if (event === 'media') return readMedia(message, data)
    if (event === 'mark') return readMark(message, onViolation)
    return { type: 'clear' }
  }

  return { read: (data) => fast(data) ?? slow(data) }
}

/** Takes the payload of whatever has one and asks nothing else: for servers that send our own messages back. */
export function createEchoReader(): ServerMessageReader {
  const marker = Buffer.from('"payload":"')
  let scratch = Buffer.alloc(1024)
  const media: { type: 'media'; audio: Uint8Array } = { type: 'media', audio: scratch }
  return {
    read(data) {
      const at = data.indexOf(marker)
      const from = at + marker.length
      const to = at < 0 ? -1 : data.indexOf(0x22, from)
      if (to < 0) return undefined
      if (to - from > scratch.length) scratch = Buffer.alloc((to - from) * 2)
      const bytes = scratch.write(data.toString('latin1', from, to), 'base64')
      media.audio = scratch.subarray(0, bytes)
      return media
    },
  }
}
