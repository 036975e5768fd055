import type { AudioFormat } from '../contracts/audio.ts'
import { ALAW_TO_LINEAR, encodeAlaw, encodeMulaw, MULAW_TO_LINEAR } from './g711.ts'

/** Makes audio of one format louder or softer, in place. */
export type Gain = (audio: Uint8Array) => void

/** @param db Below 0: softer. What becomes too loud is clipped. */
export function createGain({ encoding }: AudioFormat, db: number): Gain {
  const factor = 10 ** (db / 20)
  if (encoding === 'linear16') return (audio) => scaleLinear(audio, factor)
  const table = companded(encoding, factor)
  return (audio) => {
    for (let index = 0; index < audio.length; index++) audio[index] = table[audio[index]!]!
  }
}

/** Each of the 256 codes by the code of its scaled value. */
function companded(encoding: 'mulaw' | 'alaw', factor: number): Uint8Array {
  const linear = encoding === 'mulaw' ? MULAW_TO_LINEAR : ALAW_TO_LINEAR
  const scaled = Int16Array.from(linear, (sample) => clipped(sample * factor))
  return encoding === 'mulaw' ? encodeMulaw(scaled) : encodeAlaw(scaled)
}

/** Little-endian; a byte that waits for its other half stays as it is. */
function scaleLinear(audio: Uint8Array, factor: number): void {
  for (let at = 0; at + 1 < audio.length; at += 2) {
    const sample = ((audio[at]! | (audio[at + 1]! << 8)) << 16) >> 16
    const scaled = clipped(sample * factor)
    audio[at] = scaled & 0xff
    audio[at + 1] = (scaled >> 8) & 0xff
  }
}

function clipped(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample)))
}
