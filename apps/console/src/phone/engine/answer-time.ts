/** How long a caller waits for the agent's voice, both as the ear has them. Times in ms of one clock. */
export interface AnswerTime {
  /** A frame of the caller's. */
  caller(atMs: number, peak: number): void
  /** Samples of the agent's as they are played. */
  agent(atMs: number, peak: number): void
  /** Of the last answer. */
  readonly waitedMs: number | undefined
}

/** −36 dBFS: as the phone of the tests has it. */
const AUDIBLE = 500
/** A caller who speaks longer than a click. */
const LEAST_VOICED_FRAMES = 5
/** This much silence ends what the caller said. */
const PAUSE_MS = 100
/** Who begins to speak was silent for so long; shorter, it is a pause of what they are saying. */
const ONSET_MS = 250

export function createAnswerTime(): AnswerTime {
  let voicedFrames = 0
  let voiceEndMs: number | undefined
  let waitedMs: number | undefined
  let agentEndMs = -Infinity
  return {
    caller(atMs, peak) {
      if (peak < AUDIBLE) {
        if (voiceEndMs !== undefined && atMs - voiceEndMs > PAUSE_MS && voicedFrames < LEAST_VOICED_FRAMES)
          voicedFrames = 0
        return
      }
      voicedFrames++
      voiceEndMs = atMs
    },
    agent(atMs, peak) {
      if (peak < AUDIBLE) return
      const begins = atMs - agentEndMs > ONSET_MS
      agentEndMs = atMs
      if (!begins || voiceEndMs === undefined || voicedFrames < LEAST_VOICED_FRAMES) return
      // The caller is still speaking: an answer that did not wait.
      if (atMs - voiceEndMs < PAUSE_MS) return
      waitedMs = atMs - voiceEndMs
      voicedFrames = 0
    },
    get waitedMs() {
      return waitedMs
    },
  }
}
