import { decodeBase64, decoded } from './base64.ts'

/** The scan cannot judge this message: parse it as JSON. Says nothing about whether the message is good. */
export const SCAN_MISS = -1
/** A media message of a track that is not the caller's. */
export const SCAN_OTHER_TRACK = -2

const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN = 0x7b
const CLOSE = 0x7d

const EVENT = Buffer.from('event')
const MEDIA = Buffer.from('media')
const TRACK = Buffer.from('track')
const PAYLOAD = Buffer.from('payload')
const INBOUND = Buffer.from('inbound')
const INBOUND_TRACK = Buffer.from('inbound_track')

/** Bytes that stand for themselves inside a JSON string: printable ASCII but quote and backslash. */
const PLAIN = new Uint8Array(256).map((_, byte) =>
  byte >= SPACE && byte < 0x7f && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
)
const BLANK = new Uint8Array(256).map((_, byte) =>
  byte === SPACE || byte === 0x09 || byte === 0x0a || byte === 0x0d ? 1 : 0,
)

const SEEN_EVENT = 1
const SEEN_MEDIA = 2
const SEEN_TRACK = 4
const SEEN_PAYLOAD = 8

/**
 * Reads a `media` message off the first `end` bytes of `message`: one pass, nothing allocated.
 *
 * It walks the whole message by a subset of the JSON grammar (RFC 8259): strings of plain ASCII without escapes,
 * whole numbers, and one nested object, `media`; each key it looks for at most once. Within the subset it gives
 * what `parseMessage` gives; outside it, and for every other event, it answers `SCAN_MISS`. Key order and white
 * space are free, so it cannot mistake a `"payload"` that stands elsewhere for the caller's audio. What lies
 * behind `end` cannot complete a message: whoever reads on there fails the last line, which asks for exactly `end`.
 *
 * @returns bytes of audio written to `audio` (more than 0), `SCAN_MISS` or `SCAN_OTHER_TRACK`. After a miss the
 * contents of `audio` mean nothing.
 */
export function scanMedia(message: Uint8Array, end: number, audio: Uint8Array): number {
  if (end * 3 > audio.length * 4) return SCAN_MISS
  let at = afterBlanks(message, 0, end)
  if (message[at] !== OPEN) return SCAN_MISS
  at++
  let nested = false
  let seen = 0
  let inbound = true
  let audioBytes = 0
  for (;;) {
    at = afterBlanks(message, at, end)
    if (message[at] !== QUOTE) return SCAN_MISS
    const keyStart = at + 1
    const keyEnd = plainEnd(message, keyStart, end)
    if (message[keyEnd] !== QUOTE) return SCAN_MISS
    at = afterBlanks(message, keyEnd + 1, end)
    if (message[at] !== COLON) return SCAN_MISS
    at = afterBlanks(message, at + 1, end)
    const first = message[at]
    if (first === QUOTE) {
      const valueStart = at + 1
      if (nested && isText(message, keyStart, keyEnd, PAYLOAD)) {
        if ((seen & SEEN_PAYLOAD) !== 0 || !decodeBase64(message, valueStart, end, audio)) return SCAN_MISS
        seen |= SEEN_PAYLOAD
        audioBytes = decoded.bytes
        at = decoded.end
        if (message[at] !== QUOTE) return SCAN_MISS
      } else {
        at = plainEnd(message, valueStart, end)
        if (message[at] !== QUOTE) return SCAN_MISS
        if (nested) {
          if (isText(message, keyStart, keyEnd, TRACK)) {
            if ((seen & SEEN_TRACK) !== 0) return SCAN_MISS
            seen |= SEEN_TRACK
            inbound =
              isText(message, valueStart, at, INBOUND) || isText(message, valueStart, at, INBOUND_TRACK)
          }
        } else if (isText(message, keyStart, keyEnd, EVENT)) {
          if ((seen & SEEN_EVENT) !== 0 || !isText(message, valueStart, at, MEDIA)) return SCAN_MISS
          seen |= SEEN_EVENT
        } else if (isText(message, keyStart, keyEnd, MEDIA)) return SCAN_MISS
      }
      at++
    } else if (first === OPEN) {
      if (nested || (seen & SEEN_MEDIA) !== 0 || !isText(message, keyStart, keyEnd, MEDIA)) return SCAN_MISS
      seen |= SEEN_MEDIA
      nested = true
      at++
      continue
    } else {
      // A key we look for with a number for its value is a case for the tolerant parser.
      const length = keyEnd - keyStart
      if (length === EVENT.length || length === PAYLOAD.length) {
        if (isText(message, keyStart, keyEnd, nested ? TRACK : EVENT)) return SCAN_MISS
        if (isText(message, keyStart, keyEnd, nested ? PAYLOAD : MEDIA)) return SCAN_MISS
      }
      const numberEnd = wholeNumberEnd(message, at, end)
      if (numberEnd === at) return SCAN_MISS
      at = numberEnd
    }
    at = afterBlanks(message, at, end)
    if (nested && message[at] === CLOSE) {
      nested = false
      at = afterBlanks(message, at + 1, end)
    }
    if (message[at] === COMMA) at++
    else if (!nested && message[at] === CLOSE) break
    else return SCAN_MISS
  }
  if (afterBlanks(message, at + 1, end) !== end) return SCAN_MISS
  if ((seen & SEEN_EVENT) === 0 || audioBytes === 0) return SCAN_MISS
  return inbound ? audioBytes : SCAN_OTHER_TRACK
}

function afterBlanks(message: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && BLANK[message[at]!] === 1) at++
  return at
}

function plainEnd(message: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && PLAIN[message[at]!] === 1) at++
  return at
}

/** End of `0` or of digits that do not begin with 0; `from` itself when there is no such number. */
function wholeNumberEnd(message: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && message[at]! >= ZERO && message[at]! <= NINE) at++
  return message[from] === ZERO && at > from + 1 ? from : at
}

function isText(message: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false
  for (let index = 0; index < text.length; index++) if (message[start + index] !== text[index]) return false
  return true
}
