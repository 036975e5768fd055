/** WebSocket frames as a client sends them (RFC 6455 section 5.2), as far as they have to be told apart. */

/** A whole text message in one frame. */
export const WHOLE_TEXT = 0x81
/** Where the payload of a masked frame with a length of 16 bits begins: most of a call's frames are such. */
export const PAYLOAD_AT = 8
/** The same with a length of 64 bits. */
const LONG_PAYLOAD_AT = 14

const MASKED = 0x80
const LENGTH = 0x7f
const LENGTH_16 = 126
/** Of the opcode. */
const CONTROL = 0x8

/** Bytes of the frame that begins at `at`, its head included; 0 when the head is cut off. */
export function frameLength(bytes: Uint8Array, at: number): number {
  if (at + 2 > bytes.length) return 0
  const second = bytes[at + 1]!
  const maskBytes = (second & MASKED) === 0 ? 0 : 4
  const short = second & LENGTH
  if (short < LENGTH_16) return 2 + maskBytes + short
  const lengthBytes = short === LENGTH_16 ? 2 : 8
  if (at + 2 + lengthBytes > bytes.length) return 0
  let length = 0
  for (let index = 0; index < lengthBytes; index++) length = length * 256 + bytes[at + 2 + index]!
  return 2 + lengthBytes + maskBytes + length
}

/** Whether the frame at `at` is a text message in one piece, masked, and its length takes 16 bits. */
export function isPlainText(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === WHOLE_TEXT && bytes[at + 1] === (MASKED | LENGTH_16)
}

/** Whether the frame at `at` is no part of a message, or an empty one: a control frame, or no payload. */
export function carriesNothing(bytes: Uint8Array, at: number): boolean {
  return (bytes[at]! & CONTROL) !== 0 || (bytes[at + 1]! & LENGTH) === 0
}

/** Whole messages, pings and pongs by their first byte: what follows does not depend on them. */
const ON_ITS_OWN = new Uint8Array(256)
for (const first of [WHOLE_TEXT, 0x82, 0x89, 0x8a]) ON_ITS_OWN[first] = 1

/**
 * Whether the frame at `at`, `length` bytes long, is as it has to be, and whole. Otherwise it depends on it what
 * follows means: a message in several frames, the end of the stream, or a fault with which the stream ends.
 */
export function isOnItsOwn(bytes: Uint8Array, at: number, length: number, maxPayload: number): boolean {
  const second = bytes[at + 1]!
  if (ON_ITS_OWN[bytes[at]!] === 0 || (second & MASKED) === 0) return false
  if (second < (MASKED | LENGTH_16)) return true
  const headBytes = second === (MASKED | LENGTH_16) ? PAYLOAD_AT : LONG_PAYLOAD_AT
  return (bytes[at]! & CONTROL) === 0 && length - headBytes <= maxPayload
}

/** Writes the payload of the plain text frame at `at` to the beginning of `target`, without its mask. */
export function unmask(bytes: Uint8Array, at: number, payloadBytes: number, target: Uint8Array): void {
  const mask0 = bytes[at + 4]!
  const mask1 = bytes[at + 5]!
  const mask2 = bytes[at + 6]!
  const mask3 = bytes[at + 7]!
  const whole = payloadBytes - (payloadBytes % 4)
  const from = at + PAYLOAD_AT
  for (let index = 0; index < whole; index += 4) {
    target[index] = bytes[from + index]! ^ mask0
    target[index + 1] = bytes[from + index + 1]! ^ mask1
    target[index + 2] = bytes[from + index + 2]! ^ mask2
    target[index + 3] = bytes[from + index + 3]! ^ mask3
  }
  for (let index = whole; index < payloadBytes; index++) {
    target[index] = bytes[from + index]! ^ bytes[at + 4 + (index % 4)]!
  }
}
