/** Bytes of one 20 ms frame of mu-law at 8 kHz. */
export const FRAME_BYTES = 160
const MARK = [0x4b, 0x61] as const
const SILENCE = 0xff

/**
 * One frame of audio that says which one it is: its index in its first bytes, the rest a pattern made of it.
 * Whoever receives it can tell order, loss and repetition.
 */
export function numberedFrame(index: number): Uint8Array {
  const frame = new Uint8Array(FRAME_BYTES)
  frame.set([...MARK, (index >> 16) & 0xff, (index >> 8) & 0xff, index & 0xff])
  for (let at = 5; at < FRAME_BYTES; at += 1) frame[at] = (index * 7 + at) & 0x7f
  return frame
}

/** Frames `from` (included) to `to` (excluded), one after the other. */
export function numberedFrames(from: number, to: number): Uint8Array {
  const audio = new Uint8Array((to - from) * FRAME_BYTES)
  for (let index = from; index < to; index += 1) audio.set(numberedFrame(index), (index - from) * FRAME_BYTES)
  return audio
}

/** The index a frame carries, `silence`, or `undefined` for bytes that are neither whole. */
export function readFrame(frame: Uint8Array): number | 'silence' | undefined {
  if (frame.every((byte) => byte === SILENCE)) return 'silence'
  if (frame[0] !== MARK[0] || frame[1] !== MARK[1]) return undefined
  const index = ((frame[2] ?? 0) << 16) | ((frame[3] ?? 0) << 8) | (frame[4] ?? 0)
  for (let at = 5; at < FRAME_BYTES; at += 1) if (frame[at] !== ((index * 7 + at) & 0x7f)) return undefined
  return index
}
