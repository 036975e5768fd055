// A caller who numbers every 20 ms frame, and the recogniser's check that none is missing, doubled or out of order.

const FRAME_BYTES = 160
const MARKER = [0x4b, 0x41, 0x56]
/** A batch of two frames and a tick. */
const ON_TIME_MS = 60

/** Mu-law audio of `frames` numbered frames, from 0. */
export function numberedAudio(frames) {
  const audio = Buffer.alloc(frames * FRAME_BYTES, 0x55)
  for (let frame = 0; frame < frames; frame++) {
    audio.set(MARKER, frame * FRAME_BYTES)
    audio.writeUInt16BE(frame, frame * FRAME_BYTES + MARKER.length)
  }
  return audio
}

/** Reads the numbers of whole frames as they are written, and when each came. */
export function createFrameCheck() {
  const arrivedMs = []
  let expected = 0
  let outOfOrder = 0
  let missing = 0
  return {
    write(audio, nowMs) {
      for (let at = 0; at + FRAME_BYTES <= audio.length; at += FRAME_BYTES) {
        if (!MARKER.every((byte, index) => audio[at + index] === byte)) continue
        const frame = audio[at + 3] * 256 + audio[at + 4]
        if (frame < expected) outOfOrder++
        else {
          missing += frame - expected
          expected = frame + 1
          arrivedMs[frame] = nowMs
        }
      }
    },
    /** The backlog is gone with the first frame that lies on the steadiest line through all of them. */
    report(readyMs) {
      const offsets = arrivedMs.map((ms, frame) => ms - frame * 20)
      const line = Math.min(...offsets)
      const onTime = offsets.findIndex((offset) => offset - line <= ON_TIME_MS)
      const caughtUpMs = Math.max(0, arrivedMs[onTime] - readyMs)
      return { frames: expected, missing, outOfOrder, caughtUpMs }
    },
  }
}
