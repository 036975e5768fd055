import { AGENT, type CallWindow } from './call-window.ts'

/** The agent's side of a recording: each frame where the far end plays it, without what was cleared. */
export interface AgentTrack {
  /** Returns how many samples found no place and were left out. */
  put(frame: Uint8Array, playAt: number): number
  /** Nothing from `at` on is heard. */
  cut(at: number): void
}

/** Frames of one utterance join: a sample between them is rounding, and would be a click. */
const SEAM_SAMPLES = 1

export function createAgentTrack(window: CallWindow): AgentTrack {
  let end = -Infinity
  return {
    put(frame, playAt) {
      // A frame is played behind the one before it, also when a mark has moved the clock back since.
      const at = playAt - end <= SEAM_SAMPLES ? end : playAt
      const outside = window.put(AGENT, at, frame)
      end = at + frame.length / window.sampleBytes
      return outside
    },
    cut(at) {
      window.cut(AGENT, at)
      end = Math.min(end, at)
    },
  }
}
