/** Bytes of one 20 ms frame of mu-law at 8 kHz. */
export const FRAME_BYTES = 160

const SILENCE = 0xff
const FIRST = 0x5a
/** Bytes in front of the filling: a marker and the index in three bytes. */
const HEAD = 4

/**
 * One frame of audio that carries its own number, so that whoever receives it can tell order, loss and repetition.
 * Any single byte that went missing makes the frame unreadable.
 */
export function numberedFrame(index: number): Uint8Array {
  const frame = new Uint8Array(FRAME_BYTES)
  frame[0] = FIRST
  frame[1] = (index >> 16) & 0xff
  frame[2] = (index >> 8) & 0xff
  frame[3] = index & 0xff
  for (let at = HEAD; at < FRAME_BYTES; at += 1) frame[at] = filling(index, at)
  return frame
}

/** Frames `from` (included) to `to` (excluded), one after the other. */
export function numberedFrames(from: number, to: number): Uint8Array {
  const audio = new Uint8Array((to - from) * FRAME_BYTES)
  for (let index = from; index < to; index += 1) audio.set(numberedFrame(index), (index - from) * FRAME_BYTES)
  return audio
}

/** What a server makes of 160 bytes: the number, `silence`, or `broken`. */
export type HeardFrame = number | 'silence' | 'broken'

export function readFrame(frame: Uint8Array): HeardFrame {
  if (frame[0] === FIRST) {
    const index = ((frame[1] ?? 0) << 16) | ((frame[2] ?? 0) << 8) | (frame[3] ?? 0)
    for (let at = HEAD; at < FRAME_BYTES; at += 1) if (frame[at] !== filling(index, at)) return 'broken'
    return index
  }
  return frame.every((byte) => byte === SILENCE) ? 'silence' : 'broken'
}

/** Below 0x80: never silence, and different for neighbours. */
function filling(index: number, at: number): number {
  return (index * 13 + at * 3) & 0x7f
}
