import { CALLER, type CallWindow } from './call-window.ts'

/** The caller's side of a recording: where on the time line the audio lies that arrived now. */
export interface CallerTrack {
  /** `nowAt` is now, in samples. Returns how many samples found no place and were left out. */
  put(audio: Uint8Array, nowAt: number): number
}

/** Arrival jitters, the phone's clock does not: audio this near to where the last left off continues it. */
const JITTER_MS = 200

/**
 * Audio lies where it arrived, and goes on where it left off as long as that is near. After a longer gap it begins
 * anew, and the gap is remembered: audio that then comes faster than it plays was delayed, not said late, and moves
 * back into the gap. Nothing is ever laid over what is there; a far end that simply sends too fast is cut short.
 */
export function createCallerTrack(window: CallWindow, samplesPerMs: number): CallerTrack {
  const jitter = Math.round(JITTER_MS * samplesPerMs)
  /** Where the caller's audio ends so far, and the gap before its latest run. */
  let end: number | undefined
  let gap = { start: -Infinity, stop: -Infinity }

  function moveIntoGap(ahead: number): void {
    const by = Math.min(ahead, gap.stop - Math.max(gap.start, window.from()))
    if (by <= 0 || end === undefined) return
    window.moveBack(CALLER, gap.stop, end, by)
    gap.stop -= by
    end -= by
  }

  return {
    put(audio, nowAt) {
      const samples = audio.length / window.sampleBytes
      const arrivedAt = Math.max(nowAt - samples, window.from())
      if (end === undefined || arrivedAt - end > jitter) {
        gap = { start: end ?? -Infinity, stop: arrivedAt }
        end = arrivedAt
      }
      moveIntoGap(end + samples - nowAt)
      const taken = Math.min(samples, Math.max(0, nowAt + jitter - end))
      const outside = window.put(CALLER, end, audio.subarray(0, taken * window.sampleBytes))
      end += taken
      return samples - taken + outside
    },
  }
}
