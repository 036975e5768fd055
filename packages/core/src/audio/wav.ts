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

/** What the chunks before the samples say, of whatever samples they are. */
export interface WavLayout {
  /** RFC 2361: 1 whole numbers, 3 floating point, 6 A-law, 7 mu-law. That of the samples, also where it is "extensible". */
  readonly tag: number
  readonly bits: number
  readonly channels: number
  readonly sampleRateHz: number
  /** Where the samples start. */
  readonly dataOffset: number
  /** What the header claims; streams write 0 or 0xFFFFFFFF here. */
  readonly dataBytes: number
}

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
  const layout = parseWavLayout(bytes)
  if (layout === undefined || layout === 'more') return layout
  const { channels, dataOffset, dataBytes } = layout
  return { format: formatOf(layout), channels, dataOffset, dataBytes }
}

/**
 * The same for samples of any kind: whether they can be read is for the caller to say. Throws an `Error` on a header
 * that is none, or longer than `maxBytes`.
 */
export function parseWavLayout(
  bytes: Uint8Array,
  maxBytes = MAX_HEADER_BYTES,
): WavLayout | 'more' | undefined {
  const riff = matches(bytes, 0, 'RIFF')
  if (riff === false) return undefined
  if (riff === 'more') return 'more'
  const wave = matches(bytes, 8, 'WAVE')
  if (wave !== true) return wave === 'more' ? 'more' : undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let parsed: Omit<WavLayout, 'dataOffset' | 'dataBytes'> | undefined
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true)
    if (matches(bytes, at, 'data') === true) {
      if (!parsed) throw new Error('WAV: the data chunk comes before the fmt chunk')
      return { ...parsed, dataOffset: at + 8, dataBytes: size }
    }
    if (at > maxBytes || size > maxBytes) throw new Error('WAV: no data chunk near the start')
    if (matches(bytes, at, 'fmt ') === true) {
      if (size < 16) throw new Error(`WAV: fmt chunk of ${size} bytes, at least 16 expected`)
      if (at + 8 + Math.min(size, 26) > bytes.length) return 'more'
      parsed = parseFmt(view, at + 8, size)
    }
    at += 8 + size + (size & 1)
  }
  return 'more'
}

function parseFmt(view: DataView, at: number, size: number): Omit<WavLayout, 'dataOffset' | 'dataBytes'> {
  const declared = view.getUint16(at, true)
  const tag = declared === FORMAT_EXTENSIBLE && size >= 26 ? view.getUint16(at + 24, true) : declared
  const channels = view.getUint16(at + 2, true)
  const sampleRateHz = view.getUint32(at + 4, true)
  const bits = view.getUint16(at + 14, true)
  if (channels < 1 || sampleRateHz < 1) throw new Error(`WAV: ${channels} channels at ${sampleRateHz} Hz`)
  return { tag, bits, channels, sampleRateHz }
}

function formatOf({ tag, bits, sampleRateHz }: WavLayout): AudioFormat {
  if (tag === FORMAT_PCM && bits === 16) return { encoding: 'linear16', sampleRateHz }
  if (tag === FORMAT_MULAW && bits === 8) return { encoding: 'mulaw', sampleRateHz }
  if (tag === FORMAT_ALAW && bits === 8) return { encoding: 'alaw', sampleRateHz }
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

/** The most a RIFF file holds, its own header counted: its sizes are 32-bit numbers. */
const MAX_RIFF_BYTES = 0xffffffff

/** The most audio one WAV file can hold. Whole sample frames of any format fit in whole kilobytes of it. */
export const MAX_WAV_DATA_BYTES = MAX_RIFF_BYTES - 1023

/**
 * Everything before the samples. 44 bytes for 16-bit PCM; 58 for mu-law and A-law, whose `fmt ` ends with the size
 * of an extension and is followed by `fact`, the number of samples (RFC 2361; "New Multimedia Data Types", 1994).
 * Throws a `RangeError` for more audio than a RIFF file can hold.
 */
export function wavHeader(format: AudioFormat, channels: number, dataBytes: number): Uint8Array {
  if (dataBytes > MAX_WAV_DATA_BYTES)
    throw new RangeError(`WAV: ${dataBytes} bytes are more than a file can hold`)
  const pcm = format.encoding === 'linear16'
  const tag = { linear16: FORMAT_PCM, mulaw: FORMAT_MULAW, alaw: FORMAT_ALAW }[format.encoding]
  const frameBytes = channels * (pcm ? 2 : 1)
  const fmtBytes = pcm ? 16 : 18
  const header = new Uint8Array(pcm ? 44 : 58)
  const view = new DataView(header.buffer)
  const text = (at: number, id: string): void => {
    for (let i = 0; i < id.length; i++) header[at + i] = id.charCodeAt(i)
  }
  /** Returns where the body of the chunk starts. */
  const chunk = (at: number, id: string, bodyBytes: number): number => {
    text(at, id)
    view.setUint32(at + 4, bodyBytes, true)
    return at + 8
  }
  // A chunk of odd length is followed by a byte that its own size does not count.
  chunk(0, 'RIFF', header.length - 8 + dataBytes + (dataBytes & 1))
  text(8, 'WAVE')
  const fmt = chunk(12, 'fmt ', fmtBytes)
  view.setUint16(fmt, tag, true)
  view.setUint16(fmt + 2, channels, true)
  view.setUint32(fmt + 4, format.sampleRateHz, true)
  view.setUint32(fmt + 8, format.sampleRateHz * frameBytes, true)
  view.setUint16(fmt + 12, frameBytes, true)
  view.setUint16(fmt + 14, pcm ? 16 : 8, true)
  if (!pcm) view.setUint32(chunk(fmt + fmtBytes, 'fact', 4), Math.floor(dataBytes / frameBytes), true)
  chunk(header.length - 8, 'data', dataBytes)
  return header
}

/** A whole file from interleaved bytes. */
export function writeWav(format: AudioFormat, channels: number, audio: Uint8Array): Uint8Array {
  const header = wavHeader(format, channels, audio.length)
  const file = new Uint8Array(header.length + audio.length + (audio.length & 1))
  file.set(header)
  file.set(audio, header.length)
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
  const stripper = {
    strip(chunk: Uint8Array) {
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
      stripper.declared = header.format
      return seen.subarray(header.dataOffset)
    },
    flush() {
      const rest = held ?? new Uint8Array(0)
      held = undefined
      return rest
    },
    declared: undefined as AudioFormat | undefined,
  }
  return stripper
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length)
  joined.set(a)
  joined.set(b, a.length)
  return joined
}
