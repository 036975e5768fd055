import type { Interval } from './interval.ts'

/**
 * What a sound of the caller asks of the agent:
 * - `turn`: a complete utterance, to be answered. The pauses inside it lie between `startMs` and `endMs`.
 * - `interruption`: words over the agent's voice, at which it should stop, and which are to be answered.
 * - `backchannel`: "mm-hm" while the agent speaks: it should go on.
 * - `vocal-tic`: a cough, a laugh, "um": neither to stop at nor to answer.
 * - `not-to-agent`: speech to somebody else, or of a television: neither to stop at nor to answer.
 */
export type CallerEventKind = 'turn' | 'interruption' | 'backchannel' | 'vocal-tic' | 'not-to-agent'

export interface CallerEvent extends Interval {
  readonly kind: CallerEventKind
  /** The call ended too soon after these words for an answer: none is missed. */
  readonly noTimeToAnswer?: true
}

/** Words that the agent should stop at, if it speaks, and answer. */
export function isForAgent({ kind }: CallerEvent): boolean {
  return kind === 'turn' || kind === 'interruption'
}
