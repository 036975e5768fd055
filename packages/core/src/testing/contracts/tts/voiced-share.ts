import { ALAW_TO_LINEAR, MULAW_TO_LINEAR } from '../../../audio/index.ts'
import { frameBytes, type AudioFormat } from '../../../contracts/index.ts'

/** Peak that a frame of 20 ms must reach to be more than line noise, out of 32767. */
const AUDIBLE_PEAK = 200

/** Share of the 20 ms frames in which there is something to hear. */
export function voicedShare(audio: Uint8Array, format: AudioFormat): number {
  const size = frameBytes(format)
  const bytesPerSample = format.encoding === 'linear16' ? 2 : 1
  const view = new DataView(audio.buffer, audio.byteOffset, audio.byteLength)
  const table = format.encoding === 'alaw' ? ALAW_TO_LINEAR : MULAW_TO_LINEAR

  function audibleAt(byte: number): boolean {
    const sample = bytesPerSample === 2 ? view.getInt16(byte, true) : table[view.getUint8(byte)]!
    return Math.abs(sample) >= AUDIBLE_PEAK
  }

  let frames = 0
  let voiced = 0
  for (let start = 0; start + size <= audio.byteLength; start += size) {
    frames++
    let at = start
    while (at < start + size && !audibleAt(at)) at += bytesPerSample
    if (at < start + size) voiced++
  }
  return frames === 0 ? 0 : voiced / frames
}
