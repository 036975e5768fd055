/** The steps of one turn on the monotonic clock; `undefined` where a step did not happen. */
export interface TurnSteps {
  readonly turn: number
  readonly speechEndMs: number
  readonly turnEndMs: number
  readonly firstTokenMs: number | undefined
  readonly firstAudioMs: number | undefined
  readonly firstFrameMs: number | undefined
}

/** Whole ms from the end of the caller's speech to each step, never negative. */
export function latencyOf(steps: TurnSteps) {
  const sinceSpeech = (atMs: number | undefined): number | undefined =>
    atMs === undefined ? undefined : Math.max(0, Math.round(atMs - steps.speechEndMs))
  return {
    turn_end_ms: sinceSpeech(steps.turnEndMs),
    first_token_ms: sinceSpeech(steps.firstTokenMs),
    first_audio_ms: sinceSpeech(steps.firstAudioMs),
    first_frame_ms: sinceSpeech(steps.firstFrameMs),
  }
}
