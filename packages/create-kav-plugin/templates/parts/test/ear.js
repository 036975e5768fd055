// @ts-check

const QUIET_MS = 300
const BYTES_PER_MS = 8

/** @param {number} byte Mu-law: above about -30 dBFS. */
const isLoud = (byte) => ((~byte >> 4) & 7) >= 4

/**
 * Tells speech from pauses in mu-law at 8000 Hz.
 *
 * @param {{ onSpeech(): void, onPause(endMs: number): void }} handlers
 */
export function createEar({ onSpeech, onPause }) {
  let heardBytes = 0
  let loudEnd = 0
  let speaking = false

  function pause() {
    if (!speaking) return
    speaking = false
    onPause(Math.round(loudEnd / BYTES_PER_MS))
  }
  return {
    /** @param {Uint8Array} audio */
    hear(audio) {
      for (const byte of audio) {
        heardBytes++
        if (isLoud(byte)) {
          loudEnd = heardBytes
          if (!speaking) onSpeech()
          speaking = true
        } else if (heardBytes - loudEnd > QUIET_MS * BYTES_PER_MS) pause()
      }
    },
    end: pause,
  }
}
