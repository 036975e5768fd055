import type { AudioFormat } from '../contracts/audio.ts'

/**
 * RIFF/WAVE reading and writing, and taking a header out of a stream: providers put one in front of "raw" audio,
 * and forty-four bytes of it are a click in the caller's ear. Chunks are walked to `data`; 44 is never assumed.
 * Format: Microsoft/IBM "Multimedia Programming Interface and Data Specifications 1.0"; tags from RFC 2361.
 */
const FORMAT_PCM = 1
const FORMAT_ALAW = 6
const FORMAT_MULAW = 7
const FORMAT_EXTENSIBLE = 0xfffe
/** A header longer than this is not a header. */
const MAX_HEADER_BYTES = 4096

export interface WavHeader {
  readonly format: AudioFormat
  readonly channels: number
  /** Where the samples start. */
  readonly dataOffset: number
  /** What the header claims; streams write 0 or 0xFFFFFFFF here. */
  readonly dataBytes: number
}

/**
 * Reads a header from the front of `bytes`. `undefined` when they do not begin one, `'more'` when they may but
 * are too short to tell. Throws an `Error` on a header Kav cannot play.
 */
export function parseWavHeader(bytes: Uint8Array): WavHeader | 'more' | undefined {
  const riff = matches(bytes, 0, 'RIFF')
  if (riff === false) return undefined
  if (riff === 'more') return 'more'
  const wave = matches(bytes, 8, 'WAVE')
  if (wave !== true) return wave === 'more' ? 'more' : undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let parsed: { format: AudioFormat; channels: number } | undefined
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true)
    if (matches(bytes, at, 'data') === true) {
      if (!parsed) throw new Error('WAV: the data chunk comes before the fmt chunk')
      return { ...parsed, dataOffset: at + 8, dataBytes: size }
    }
    if (at > MAX_HEADER_BYTES || size > MAX_HEADER_BYTES) throw new Error('WAV: no data chunk near the start')
    if (matches(bytes, at, 'fmt ') === true) {
      if (size < 16) throw new Error(`WAV: fmt chunk of ${size} bytes, at least 16 expected`)
      if (at + 8 + Math.min(size, 26) > bytes.length) return 'more'
      parsed = parseFmt(view, at + 8, size)
    }
    at += 8 + size + (size & 1)
  }
  return 'more'
}

function parseFmt(view: DataView, at: number, size: number): { format: AudioFormat; channels: number } {
  const declared = view.getUint16(at, true)
  const tag = declared === FORMAT_EXTENSIBLE && size >= 26 ? view.getUint16(at + 24, true) : declared
  const channels = view.getUint16(at + 2, true)
  const sampleRateHz = view.getUint32(at + 4, true)
  const bits = view.getUint16(at + 14, true)
  if (channels < 1 || sampleRateHz < 1) throw new Error(`WAV: ${channels} channels at ${sampleRateHz} Hz`)
  if (tag === FORMAT_PCM && bits === 16) return { format: { encoding: 'linear16', sampleRateHz }, channels }
  if (tag === FORMAT_MULAW && bits === 8) return { format: { encoding: 'mulaw', sampleRateHz }, channels }
  if (tag === FORMAT_ALAW && bits === 8) return { format: { encoding: 'alaw', sampleRateHz }, channels }
  throw new Error(`WAV: format tag ${tag} with ${bits} bits is not 16-bit PCM, mu-law or A-law`)
}

function matches(bytes: Uint8Array, at: number, text: string): boolean | 'more' {
  for (let i = 0; i < text.length; i++) {
    if (at + i >= bytes.length) return 'more'
    if (bytes[at + i] !== text.charCodeAt(i)) return false
  }
  return true
}

/** A whole file. Throws an `Error` that says what is wrong with it. */
export function readWav(file: Uint8Array): { format: AudioFormat; channels: number; audio: Uint8Array } {
  const header = parseWavHeader(file)
  if (header === undefined) throw new Error('WAV: the file does not begin with RIFF….WAVE')
  if (header === 'more') throw new Error('WAV: the file ends before its data chunk')
  // A length left open by whoever streamed the file: 0, or more than there is.
  const claimed = header.dataBytes === 0 ? file.length : header.dataOffset + header.dataBytes
  const end = Math.min(file.length, claimed)
  return { format: header.format, channels: header.channels, audio: file.subarray(header.dataOffset, end) }
}

/** A whole file from interleaved bytes. */
export function writeWav(format: AudioFormat, channels: number, audio: Uint8Array): Uint8Array {
  const tag = { linear16: FORMAT_PCM, mulaw: FORMAT_MULAW, alaw: FORMAT_ALAW }[format.encoding]
  const sampleBytes = format.encoding === 'linear16' ? 2 : 1
  const file = new Uint8Array(44 + audio.length)
  const view = new DataView(file.buffer)
  const text = (at: number, value: string): void => {
    for (let i = 0; i < value.length; i++) file[at + i] = value.charCodeAt(i)
  }
  text(0, 'RIFF')
  view.setUint32(4, 36 + audio.length, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, tag, true)
  view.setUint16(22, channels, true)
  view.setUint32(24, format.sampleRateHz, true)
  view.setUint32(28, format.sampleRateHz * channels * sampleBytes, true)
  view.setUint16(32, channels * sampleBytes, true)
  view.setUint16(34, sampleBytes * 8, true)
  text(36, 'data')
  view.setUint32(40, audio.length, true)
  file.set(audio, 44)
  return file
}

/** Takes a header off the front of a stream of chunks. */
export interface WavStripper {
  /** The audio bytes of this chunk; empty while the header is incomplete. Lent. */
  strip(chunk: Uint8Array): Uint8Array
  /** What is held back because it looked like a header and never became one. */
  flush(): Uint8Array
  /** The format the header declared, once seen. */
  readonly declared: AudioFormat | undefined
}

export function createWavStripper(): WavStripper {
  let held: Uint8Array | undefined = new Uint8Array(0)
  let declared: AudioFormat | undefined
  return {
    strip(chunk) {
      if (held === undefined) return chunk
      const seen = held.length === 0 ? chunk : concat(held, chunk)
      const header = parseWavHeader(seen)
      if (header === 'more') {
        // A real copy: the `slice` of a Buffer is a view.
        held = new Uint8Array(seen)
        return seen.subarray(seen.length)
      }
      held = undefined
      if (header === undefined) return seen
      if (header.channels !== 1) throw new Error(`WAV: ${header.channels} channels where one is expected`)
      declared = header.format
      return seen.subarray(header.dataOffset)
    },
    flush() {
      const rest = held ?? new Uint8Array(0)
      held = undefined
      return rest
    },
    get declared() {
      return declared
    },
  }
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length)
  joined.set(a)
  joined.set(b, a.length)
  return joined
}
