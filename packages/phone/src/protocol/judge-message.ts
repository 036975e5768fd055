/** What the server said, as far as it can be understood. `payload` is base64 of raw mu-law. */
export type JudgedMessage =
  | { readonly type: 'media'; readonly payload: string }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'clear' }

export type OnViolation = (text: string) => void

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
const SHOWN_CHARACTERS = 40

type Fields = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Reads one message of the server as strictly as Twilio's warnings 31950 and 31951 describe. `undefined` when nothing
 * can be made of it; every fault was reported as a violation.
 */
export function judgeMessage(
  text: string,
  streamSid: string,
  onViolation: OnViolation,
): JudgedMessage | undefined {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    const shown = JSON.stringify(text.slice(0, SHOWN_CHARACTERS))
    return void onViolation(`not JSON: ${shown} (Twilio warning 31951)`)
  }
  if (!isObject(message)) return void onViolation('not a JSON object (Twilio warning 31951)')
  const event = message['event']
  const shape = typeof event === 'string' && Object.hasOwn(SHAPES, event) ? SHAPES[event] : undefined
  if (typeof event !== 'string' || !shape) {
    const name = JSON.stringify(event) ?? 'none'
    return void onViolation(`unknown event ${name}: only media, mark and clear exist (Twilio warning 31951)`)
  }
  checkFields(event, message, shape, onViolation)
  if ('streamSid' in message && message['streamSid'] !== streamSid) {
    onViolation(`${event}: streamSid ${JSON.stringify(message['streamSid'])} is not this stream's (31951)`)
    return undefined
  }
  if (event === 'media') return readMedia(message, onViolation)
  if (event === 'mark') return readMark(message, onViolation)
  return { type: 'clear' }
}

/** Reports what cannot be mu-law speech. */
export function judgeAudio(audio: Uint8Array, onViolation: OnViolation): void {
  if (audio.length === 0) onViolation('media: empty payload')
  const header = audio.length >= 4 ? FILE_HEADERS[String.fromCharCode(...audio.subarray(0, 4))] : undefined
  if (header) onViolation(`media: the payload begins with a ${header} header; it must be raw mu-law`)
  if (audio.length >= MIN_ZERO_BYTES && audio[0] === 0 && audio.every((code) => code === 0)) {
    onViolation('media: all zero bytes, which is full-scale noise; silence in mu-law is 0xFF')
  }
}

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

function readMedia(message: Fields, onViolation: OnViolation): JudgedMessage | undefined {
  if (!isObject(message['media'])) return void onViolation('media: "media" is not an object')
  checkFields('media.media', message['media'], ['payload'], onViolation)
  const payload = message['media']['payload']
  if (typeof payload !== 'string') return void onViolation('media: "payload" is not a string')
  if (!BASE64.test(payload) || payload.length % 4 !== 0) {
    return void onViolation('media: "payload" is not base64')
  }
  return { type: 'media', payload }
}

function readMark(message: Fields, onViolation: OnViolation): JudgedMessage | undefined {
  if (!isObject(message['mark'])) return void onViolation('mark: "mark" is not an object')
  checkFields('mark.mark', message['mark'], ['name'], onViolation)
  const name = message['mark']['name']
  if (typeof name !== 'string' || name === '') return void onViolation('mark: "name" is not a text')
  return { type: 'mark', name }
}
