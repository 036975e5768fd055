import type { CallRecord } from '@kav/client'

const RATE_HZ = 8000

/** A stereo recording in which each side hums where the record says it spoke. */
export function twoVoices({ durationMs, voice }: CallRecord): Uint8Array {
  const frames = Math.round((durationMs / 1000) * RATE_HZ)
  const bytes = new Uint8Array(44 + frames * 4)
  const view = new DataView(bytes.buffer)
  const text = (at: number, letters: string): void =>
    letters.split('').forEach((one, index) => view.setUint8(at + index, one.charCodeAt(0)))
  text(0, 'RIFF')
  view.setUint32(4, bytes.length - 8, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 2, true)
  view.setUint32(24, RATE_HZ, true)
  view.setUint32(28, RATE_HZ * 4, true)
  view.setUint16(32, 4, true)
  view.setUint16(34, 16, true)
  text(36, 'data')
  view.setUint32(40, frames * 4, true)
  for (const [side, pitchHz] of [
    ['caller', 190],
    ['agent', 230],
  ] as const) {
    for (const { startMs, endMs } of voice[side]) {
      const last = Math.min(frames, Math.round((endMs / 1000) * RATE_HZ))
      for (let frame = Math.round((startMs / 1000) * RATE_HZ); frame < last; frame++)
        view.setInt16(44 + frame * 4 + (side === 'caller' ? 0 : 2), sampleAt(frame, pitchHz), true)
    }
  }
  return bytes
}

/** Syllables, more or less. */
function sampleAt(frame: number, pitchHz: number): number {
  const seconds = frame / RATE_HZ
  const syllable = Math.abs(Math.sin(seconds * 9.1)) * (0.6 + 0.4 * Math.sin(seconds * 2.3))
  return Math.round(9000 * syllable * Math.sin(2 * Math.PI * pitchHz * seconds))
}
