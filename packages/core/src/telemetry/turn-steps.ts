/** The steps of one turn on the monotonic clock; `undefined` where a step did not happen. */
export interface TurnSteps {
  readonly turn: number
  /** When the caller's voice ended; absent where none was heard: then there is nothing to measure from. */
  readonly speechEndMs: number | undefined
  readonly turnEndMs: number
  readonly firstTokenMs: number | undefined
  readonly firstAudioMs: number | undefined
  readonly firstFrameMs: number | undefined
}

/** Whole ms from the end of the caller's speech to each step, never negative. */
export function latencyOf(steps: TurnSteps) {
  const { speechEndMs } = steps
  const sinceSpeech = (atMs: number | undefined): number | undefined =>
    atMs === undefined || speechEndMs === undefined ? undefined : Math.max(0, Math.round(atMs - speechEndMs))
  return {
    turn_end_ms: sinceSpeech(steps.turnEndMs),
    first_token_ms: sinceSpeech(steps.firstTokenMs),
    first_audio_ms: sinceSpeech(steps.firstAudioMs),
    first_frame_ms: sinceSpeech(steps.firstFrameMs),
  }
}
