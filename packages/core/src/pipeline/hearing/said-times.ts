import type { SttWord } from '../../contracts/stt.ts'
import type { SaidTimes } from '../../redaction/said-times.ts'
import type { ArrivalTimes } from '../arrival-times.ts'
import type { CallerAudioMemory } from './caller-audio.ts'

/** A segment that a recogniser told of. Positions in the call's audio. */
export interface ToldSegment {
  /** Of the first byte that its session was given. */
  readonly base: number
  /** Where it ends; nothing behind it is in it. */
  readonly end: number
  readonly words?: readonly SttWord[] | undefined
  readonly bytesPerMs: number
}

/** When a segment was said, by the times at which its audio arrived; of its words only where all are known. */
export function saidTimes(
  { base, end, words, bytesPerMs }: ToldSegment,
  arrivals: Pick<ArrivalTimes, 'between'>,
  memory: Pick<CallerAudioMemory, 'jumpedTo'>,
): SaidTimes {
  const endedMs = arrivals.between(end, end)?.fromMs
  // A session that was not given everything counts from somewhere else.
  const isWhole = memory.jumpedTo <= base
  const timed = isWhole ? words?.map((word) => timeOf(word)) : undefined
  return { endedMs, words: timed?.every((word) => word !== undefined) ? timed : undefined }

  function timeOf({ word, startMs, endMs }: SttWord) {
    const between = arrivals.between(base + startMs * bytesPerMs, base + endMs * bytesPerMs)
    return between && { word, startMs: between.fromMs, endMs: between.toMs }
  }
}
