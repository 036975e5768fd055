import { type AudioFormat } from '@kav/core'
import { createSampleDecoder, createSampleEncoder, silenceByte } from '@kav/core/host'

/** Two sides in the call's format into interleaved bytes of the file's format, at the same rate. */
export interface StereoEncoder {
  /** Whole samples, the same number of both. The result is lent: valid until the next call. */
  encode(left: Uint8Array, right: Uint8Array): Uint8Array
  /** One moment of silence on both sides. */
  readonly silence: Uint8Array
}

export function createStereoEncoder(
  from: AudioFormat,
  to: AudioFormat['encoding'],
  maxSamples: number,
): StereoEncoder {
  const decoders = [createSampleDecoder(from), createSampleDecoder(from)] as const
  const encodeSamples = createSampleEncoder({ encoding: to, sampleRateHz: from.sampleRateHz })
  const stereo = new Int16Array(maxSamples * 2)

  function encode(left: Uint8Array, right: Uint8Array): Uint8Array {
    const samples = [decoders[0].decode(left), decoders[1].decode(right)] as const
    const count = samples[0].length
    for (let i = 0; i < count; i++) {
      stereo[2 * i] = samples[0][i]!
      stereo[2 * i + 1] = samples[1][i]!
    }
    return encodeSamples(stereo.subarray(0, count * 2))
  }

  const oneSample = new Uint8Array(from.encoding === 'linear16' ? 2 : 1).fill(silenceByte(from))
  return { encode, silence: Uint8Array.from(encode(oneSample, oneSample)) }
}
