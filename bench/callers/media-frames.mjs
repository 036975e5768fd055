// A carrier's media messages as ready WebSocket frames: masked once, and only the counting digits change.

/** Any four bytes do (RFC 6455 section 5.3 wants them unpredictable, which guards proxies; there is none here). */
const MASK = Buffer.from([0x9c, 0x35, 0xe1, 0x5a])
const FINAL = 0x80
const MASKED = 0x80
const SHORT = 125
const ZERO = 0x30
const NINE = 0x39
const FRAME_MS = 20

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 }

/** One whole masked frame. `payload` is text or bytes below 64 KB. */
export function maskedFrame(opcode, payload) {
  const bytes = Buffer.from(payload)
  const head = bytes.length > SHORT ? 4 : 2
  const frame = Buffer.allocUnsafeSlow(head + MASK.length + bytes.length)
  frame[0] = FINAL | opcode
  if (head === 2) frame[1] = MASKED | bytes.length
  else {
    frame[1] = MASKED | 126
    frame.writeUInt16BE(bytes.length, 2)
  }
  frame.set(MASK, head)
  const from = head + MASK.length
  for (let at = 0; at < bytes.length; at++) frame[from + at] = bytes[at] ^ MASK[at & 3]
  return frame
}

/**
 * The media messages of one stream, one after the other. `next` gives the same buffer again with its counters moved
 * on: whoever cannot write it out at once copies it.
 */
export function createMediaFrames({ streamSid, payload, firstSequence }) {
  let sequence = firstSequence
  let chunk = 1
  let timestampMs = 0
  let frame
  /** Where each counter's last digit stands, and the length of its text. */
  const places = { sequence: undefined, chunk: undefined, timestamp: undefined }

  function build(payloadNow) {
    const before = '{"event":"media","sequenceNumber":"'
    const toChunk = '","media":{"track":"inbound","chunk":"'
    const toTimestamp = '","timestamp":"'
    const texts = [before, String(sequence), toChunk, String(chunk), toTimestamp, String(timestampMs)]
    const message = `${texts.join('')}","payload":"${payloadNow}"},"streamSid":"${streamSid}"}`
    frame = maskedFrame(OPCODE.text, message)
    const offset = frame.length - message.length
    const placeOf = (part) => {
      const start = offset + texts.slice(0, part).join('').length
      return { start, last: start + texts[part].length - 1, offset }
    }
    places.sequence = placeOf(1)
    places.chunk = placeOf(3)
    places.timestamp = placeOf(5)
  }

  return {
    /** With `otherPayload` (base64) this one message carries something else. */
    next(otherPayload) {
      const built = frame === undefined || otherPayload !== undefined
      const counted =
        !built &&
        count(frame, places.sequence, 0, 1) &&
        count(frame, places.chunk, 0, 1) &&
        count(frame, places.timestamp, 1, FRAME_MS / 10)
      // A counter that needs another digit needs another frame.
      if (!counted) build(otherPayload ?? payload)
      const given = frame
      if (otherPayload !== undefined) frame = undefined
      sequence++
      chunk++
      timestampMs += FRAME_MS
      return given
    },
    /** A number of the stream for a message of another kind. */
    takeSequence() {
      frame = undefined
      return sequence++
    },
  }
}

/** Adds `add` at the digit `fromLast` places before the last; false when the number has no room for it. */
function count(frame, { start, last, offset }, fromLast, add) {
  let carry = add
  for (let at = last - fromLast; carry > 0; at--) {
    if (at < start) return false
    const mask = MASK[(at - offset) & 3]
    let digit = (frame[at] ^ mask) + carry
    carry = 0
    if (digit > NINE) {
      digit -= NINE - ZERO + 1
      carry = 1
    }
    frame[at] = digit ^ mask
  }
  return true
}
