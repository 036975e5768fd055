import { frameBytes, type AudioFormat } from '../../contracts/index.ts'

/** Peak that a frame of 20 ms must reach to be more than line noise, out of 32767. */
const AUDIBLE_PEAK = 200

/** G.711 keeps the size of a sample in its low seven bits, inverted in mu-law and in alaw's even bits. */
function loudness(format: AudioFormat, byte: number): number {
  return format.encoding === 'mulaw' ? 0x7f - (byte & 0x7f) : (byte & 0x7f) ^ 0x55
}

/** From here on a G.711 sample is louder than `AUDIBLE_PEAK`. */
const AUDIBLE_STEPS = { mulaw: 18, alaw: 14 } as const

/** Share of the 20 ms frames in which there is something to hear. */
export function voicedShare(audio: Uint8Array, format: AudioFormat): number {
  const size = frameBytes(format)
  const view = new DataView(audio.buffer, audio.byteOffset, audio.byteLength)
  let frames = 0
  let voiced = 0
  for (let start = 0; start + size <= audio.byteLength; start += size) {
    frames++
    for (let at = start; at < start + size; at += format.encoding === 'linear16' ? 2 : 1) {
      const audible =
        format.encoding === 'linear16'
          ? Math.abs(view.getInt16(at, true)) >= AUDIBLE_PEAK
          : loudness(format, audio[at]!) >= AUDIBLE_STEPS[format.encoding]
      if (!audible) continue
      voiced++
      break
    }
  }
  return frames === 0 ? 0 : voiced / frames
}
