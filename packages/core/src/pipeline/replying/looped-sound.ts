import { type AudioFormat, frameBytes } from '../../contracts/audio.ts'
import { createConverter } from '../../audio/convert.ts'
import { createReframer } from '../../audio/reframe.ts'
import type { FloorGrant } from '../speaking/floor-grant.ts'
import type { RecordedLine } from './recorded-line.ts'

/** A sound that is played over and over. */
export interface LoopedSound {
  /** Resolves when nothing of it will be written any more: at once, or within `AHEAD_FRAMES`. */
  stop(): Promise<void>
}

/** So much of it is queued at a time: no more than this stands between the sound and the answer. */
const AHEAD_FRAMES = 5
/** Converted as it is played, in pieces of 100 ms of most recordings. */
const CHUNK_BYTES = 1600

/**
 * Plays the sound with the grant it is given, until it is stopped or the grant is lost. `onBegun`: its first frames are
 * about to be queued. `onFirstFrame`: the first of them went out on the wire.
 */
export function loopSound(
  sound: RecordedLine,
  format: AudioFormat,
  parts: {
    readonly granted: () => Promise<FloorGrant | undefined>
    readonly onBegun: () => void
    readonly onFirstFrame: () => void
  },
): LoopedSound {
  const size = frameBytes(format)
  const frames = createLoopedFrames(sound, format, size * AHEAD_FRAMES)
  let stopped = false

  async function play(): Promise<void> {
    const grant = await parts.granted()
    if (!grant || stopped) return
    parts.onBegun()
    for (let first = true; !stopped; first = false) {
      if ((await grant.writeRun(frames.next(), size)) === 'revoked') return
      if ((await grant.cue()) !== 'played') return
      if (first) parts.onFirstFrame()
    }
  }

  const over = play()
  return {
    stop() {
      stopped = true
      return over
    },
  }
}

/** The recording without an end, in the call's format, so many bytes at a time. */
function createLoopedFrames({ audio, format: from }: RecordedLine, to: AudioFormat, runBytes: number) {
  const converter = createConverter(from, to)
  const reframer = createReframer(to)
  const run = new Uint8Array(runBytes)
  let waiting: Uint8Array = new Uint8Array(0)
  let at = 0

  return {
    /** Lent until the next call. */
    next(): Uint8Array {
      while (waiting.length < runBytes) {
        const chunk = audio.subarray(at, at + CHUNK_BYTES)
        at = at + CHUNK_BYTES >= audio.length ? 0 : at + CHUNK_BYTES
        reframer.push(converter.convert(chunk), (whole) => {
          waiting = Buffer.concat([waiting, whole])
        })
      }
      run.set(waiting.subarray(0, runBytes))
      waiting = waiting.slice(runBytes)
      return run
    },
  }
}
