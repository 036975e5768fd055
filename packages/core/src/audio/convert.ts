import { type AudioFormat, sameFormat } from '../contracts/audio.ts'
import { decodeAlaw, decodeMulaw, encodeAlaw, encodeMulaw } from './g711.ts'
import { createResampler } from './resample.ts'

/** Bytes of one format in, bytes of another out, chunks of any size (odd ones too). */
export interface Converter {
  /** The result is lent: valid until the next call. */
  convert(bytes: Uint8Array): Uint8Array
  /** What is left in the filter at the end of an utterance; then starts anew. */
  flush(): Uint8Array
  /** Forgets everything (after an interruption). */
  reset(): void
}

const NOTHING = new Uint8Array(0)

export function createConverter(from: AudioFormat, to: AudioFormat): Converter {
  if (sameFormat(from, to)) {
    return { convert: (bytes) => bytes, flush: () => NOTHING, reset: () => undefined }
  }
  const decode = createSampleDecoder(from)
  const encode = createSampleEncoder(to)
  const resampler =
    from.sampleRateHz === to.sampleRateHz
      ? undefined
      : createResampler({ fromHz: from.sampleRateHz, toHz: to.sampleRateHz })
  return {
    convert(bytes) {
      const samples = decode.decode(bytes)
      return encode(resampler ? resampler.process(samples) : samples)
    },
    flush() {
      decode.reset()
      return resampler ? encode(resampler.flush()) : NOTHING
    },
    reset() {
      decode.reset()
      resampler?.reset()
    },
  }
}

export interface SampleDecoder {
  /** Signed 16-bit samples. The result is lent: valid until the next call. */
  decode(bytes: Uint8Array): Int16Array
  /** Forgets a byte that waits for its other half. */
  reset(): void
}

/** Bytes of `format` into samples at the same rate, chunks of any size (odd ones too). */
export function createSampleDecoder(format: AudioFormat): SampleDecoder {
  if (format.encoding === 'linear16') return createLinearDecoder()
  const decodeCodes = format.encoding === 'mulaw' ? decodeMulaw : decodeAlaw
  let scratch = new Int16Array(1024)
  return {
    decode(bytes) {
      if (bytes.length > scratch.length) scratch = new Int16Array(bytes.length)
      return decodeCodes(bytes, scratch.subarray(0, bytes.length))
    },
    reset: () => undefined,
  }
}

/** Little-endian 16-bit samples; a byte split off by a chunk border waits for its other half. */
function createLinearDecoder(): SampleDecoder {
  let scratch = new Int16Array(1024)
  let carried = -1
  return {
    decode(bytes) {
      if (bytes.length > scratch.length) scratch = new Int16Array(bytes.length)
      let count = 0
      let at = 0
      if (carried >= 0 && bytes.length > 0) {
        scratch[count++] = carried | (bytes[at++]! << 8)
        carried = -1
      }
      for (; at + 1 < bytes.length; at += 2) scratch[count++] = bytes[at]! | (bytes[at + 1]! << 8)
      if (at < bytes.length) carried = bytes[at]!
      return scratch.subarray(0, count)
    },
    reset() {
      carried = -1
    },
  }
}

/** Samples into bytes of `format` at the same rate. The result is lent: valid until the next call. */
export function createSampleEncoder(format: AudioFormat): (samples: Int16Array) => Uint8Array {
  let scratch = new Uint8Array(2048)
  const room = (bytes: number): Uint8Array => {
    if (bytes > scratch.length) scratch = new Uint8Array(bytes)
    return scratch.subarray(0, bytes)
  }
  if (format.encoding === 'mulaw') return (samples) => encodeMulaw(samples, room(samples.length))
  if (format.encoding === 'alaw') return (samples) => encodeAlaw(samples, room(samples.length))
  return (samples) => {
    const bytes = room(samples.length * 2)
    for (let i = 0; i < samples.length; i++) {
      bytes[2 * i] = samples[i]! & 0xff
      bytes[2 * i + 1] = (samples[i]! >> 8) & 0xff
    }
    return bytes
  }
}
