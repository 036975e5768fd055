import type { AudioFormat } from '../contracts/audio.ts'
import { ALAW_TO_LINEAR, LINEAR_TO_ALAW, LINEAR_TO_MULAW, MULAW_TO_LINEAR } from './g711.ts'

/**
 * Adds samples of a loop, from `at` on, to audio of one format, in place. What becomes too loud is clipped. Returns
 * where the loop is then.
 */
export type Mixer = (audio: Uint8Array, loop: Int16Array, at: number) => number

export function createMixer({ encoding }: AudioFormat): Mixer {
  if (encoding === 'linear16') return mixLinear
  const decode = encoding === 'mulaw' ? MULAW_TO_LINEAR : ALAW_TO_LINEAR
  const encode = encoding === 'mulaw' ? LINEAR_TO_MULAW : LINEAR_TO_ALAW
  return (audio, loop, from) => {
    let at = from
    for (let index = 0; index < audio.length; index++) {
      audio[index] = encode[clipped(decode[audio[index]!]! + loop[at]!) & 0xffff]!
      if (++at === loop.length) at = 0
    }
    return at
  }
}

/** Little-endian. */
function mixLinear(audio: Uint8Array, loop: Int16Array, from: number): number {
  let at = from
  for (let index = 0; index + 1 < audio.length; index += 2) {
    const sample = clipped((((audio[index]! | (audio[index + 1]! << 8)) << 16) >> 16) + loop[at]!)
    audio[index] = sample & 0xff
    audio[index + 1] = (sample >> 8) & 0xff
    if (++at === loop.length) at = 0
  }
  return at
}

function clipped(sample: number): number {
  return sample > 32_767 ? 32_767 : sample < -32_768 ? -32_768 : sample
}
