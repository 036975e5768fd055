import { ALAW_TO_LINEAR, type AudioFormat, bytesPerSecond, MULAW_TO_LINEAR } from '@kav/core'

/**
 * Finds the pauses at which audio is cut into segments when the server does not do it. It only has to cut between
 * words, not to decide who is speaking, so a level against the noise of the line is enough.
 */
export interface PauseFinder {
  /** Looks at the next piece. True once for each pause, when it has lasted long enough after something was said. */
  push(audio: Uint8Array): boolean
  /** Where the last piece with a voice in it ends, from the first piece on; 0 before there is one. */
  readonly voicedUntilMs: number
}

/** Speech is this much louder than the quietest the line has been. */
const ABOVE_NOISE = 3
/** Mean level below which nothing is speech (about -48 dBFS). */
const FLOOR_LEVEL = 130
/** The noise estimate forgets upwards, slowly, so that a line that grows noisy does not count as speech for ever. */
const NOISE_RISE_PER_MS = 0.00005
/** A cough is not worth a segment. */
const MIN_VOICED_MS = 100

export function createPauseFinder(format: AudioFormat, pauseMs: number): PauseFinder {
  const level = levelMeter(format)
  const bytesPerMs = bytesPerSecond(format) / 1000
  let noise = FLOOR_LEVEL
  let voicedMs = 0
  let quietMs = 0
  let heardMs = 0
  let voicedUntilMs = 0
  return {
    push(audio) {
      const ms = audio.length / bytesPerMs
      heardMs += ms
      const now = level(audio)
      noise = Math.max(FLOOR_LEVEL / ABOVE_NOISE, Math.min(now, noise * (1 + NOISE_RISE_PER_MS * ms)))
      if (now > Math.max(FLOOR_LEVEL, noise * ABOVE_NOISE)) {
        voicedMs += ms
        voicedUntilMs = heardMs
        quietMs = 0
        return false
      }
      quietMs += ms
      if (quietMs < pauseMs || voicedMs < MIN_VOICED_MS) return false
      voicedMs = 0
      return true
    },
    get voicedUntilMs() {
      return voicedUntilMs
    },
  }
}

function levelMeter({ encoding }: AudioFormat): (audio: Uint8Array) => number {
  if (encoding === 'linear16') {
    return (audio) => {
      let sum = 0
      for (let at = 0; at + 1 < audio.length; at += 2)
        sum += Math.abs(((audio[at + 1]! << 24) >> 16) | audio[at]!)
      return (2 * sum) / Math.max(2, audio.length)
    }
  }
  const table = encoding === 'mulaw' ? MULAW_TO_LINEAR : ALAW_TO_LINEAR
  return (audio) => {
    let sum = 0
    for (let at = 0; at < audio.length; at++) sum += Math.abs(table[audio[at]!]!)
    return sum / Math.max(1, audio.length)
  }
}
