/**
 * Base64 (RFC 4648 section 4) straight between byte arrays: the media of a call passes here 100 times a second,
 * and a string in between would be garbage each time.
 */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const PAD = 0x3d
/** Set in a table's value when the byte is not of the alphabet; above every bit that 4 x 6 bits can set. */
const FOREIGN = 1 << 24

/** One table per place in a group of four, its six bits already where they belong in the 24. */
const [PLACE_0, PLACE_1, PLACE_2, PLACE_3] = [18, 12, 6, 0].map((shift) => {
  const table = new Int32Array(256).fill(FOREIGN)
  for (let value = 0; value < 64; value++) table[ALPHABET.charCodeAt(value)] = value << shift
  return table
}) as [Int32Array, Int32Array, Int32Array, Int32Array]

/** Two characters for each 12 bits: the first in the high byte. */
const PAIRS = new Uint16Array(4096)
for (let value = 0; value < 4096; value++) {
  PAIRS[value] = (ALPHABET.charCodeAt(value >> 6) << 8) | ALPHABET.charCodeAt(value & 63)
}

/** Characters that `byteLength` bytes take, padding included. */
export function base64Length(byteLength: number): number {
  return Math.ceil(byteLength / 3) * 4
}

/** Writes `source` as base64 into `target` from `at`; `target` has `base64Length(source.length)` bytes of room. */
export function encodeBase64(source: Uint8Array, target: Uint8Array, at: number): void {
  const whole = source.length - (source.length % 3)
  let to = at
  let from = 0
  for (; from < whole; from += 3) {
    const bits = (source[from]! << 16) | (source[from + 1]! << 8) | source[from + 2]!
    const first = PAIRS[bits >> 12]!
    const second = PAIRS[bits & 0xfff]!
    target[to] = first >> 8
    target[to + 1] = first
    target[to + 2] = second >> 8
    target[to + 3] = second
    to += 4
  }
  const left = source.length - whole
  if (left === 0) return
  const bits = (source[from]! << 16) | ((left === 2 ? source[from + 1]! : 0) << 8)
  const first = PAIRS[bits >> 12]!
  target[to] = first >> 8
  target[to + 1] = first
  target[to + 2] = left === 2 ? PAIRS[bits & 0xfff]! >> 8 : PAD
  target[to + 3] = PAD
}

/** Where a decoding stopped: bytes written, and the index of the first byte that was not base64. */
export const decoded = { bytes: 0, end: 0 }

/**
 * Decodes base64 of `source` from `from` on, before `end`, into `target` until a byte that is neither of the alphabet
 * nor padding.
 * The result is in `decoded` (one shared object: read it before the next call). Returns false when the text is
 * not canonical in length or padding, in which case a lenient decoder has to judge.
 * `target` has room for three bytes for every four of the source.
 */
export function decodeBase64(source: Uint8Array, from: number, end: number, target: Uint8Array): boolean {
  const lastGroup = end - 4
  let at = from
  let to = 0
  while (at <= lastGroup) {
    const bits =
      PLACE_0[source[at]!]! |
      PLACE_1[source[at + 1]!]! |
      PLACE_2[source[at + 2]!]! |
      PLACE_3[source[at + 3]!]!
    if (bits >= FOREIGN) break
    target[to] = bits >> 16
    target[to + 1] = bits >> 8
    target[to + 2] = bits
    to += 3
    at += 4
  }
  decoded.bytes = to
  decoded.end = at
  if (at > lastGroup || PLACE_0[source[at]!]! === FOREIGN) return true
  if (source[at + 3] !== PAD) return false
  const bits = PLACE_0[source[at]!]! | PLACE_1[source[at + 1]!]!
  if (source[at + 2] === PAD) {
    if (bits >= FOREIGN) return false
    target[to] = bits >> 16
    decoded.bytes = to + 1
  } else {
    const all = bits | PLACE_2[source[at + 2]!]!
    if (all >= FOREIGN) return false
    target[to] = all >> 16
    target[to + 1] = all >> 8
    decoded.bytes = to + 2
  }
  decoded.end = at + 4
  return true
}
