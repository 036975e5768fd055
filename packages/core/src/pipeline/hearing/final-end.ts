import type { AudioFormat } from '../../contracts/audio.ts'
import type { SttEvent } from '../../contracts/stt.ts'
import type { CallerAudioMemory } from './caller-audio.ts'
import type { LiveSession } from './stt-live-session.ts'
import { wholeBytes } from './whole-bytes.ts'

export type FinalEvent = Extract<SttEvent, { type: 'final' }>

/** Where a final ends, and how that is known: by its time, or `none`, then somewhere in all that was read. */
export interface FinalEnd {
  readonly time: 'ahead' | 'repeated' | 'none'
  readonly at: number
}

/** Times may be rounded up. */
const ROUNDING_MS = 100

/** `heardTo`: how much of the call's audio its session had been given. */
export function endOfFinal(
  live: LiveSession,
  event: FinalEvent,
  { heardTo, format, memory }: { heardTo: number; format: AudioFormat; memory: CallerAudioMemory },
): FinalEnd {
  const untimed = { time: 'none', at: heardTo } as const
  const endMs = event.endMs ?? event.words?.at(-1)?.endMs
  // A time that is no number is none, nor is that of a segment that ends before it begins.
  if (endMs === undefined || !Number.isFinite(endMs) || endMs <= 0) return untimed
  const at = live.base + wholeBytes(format, endMs)
  // Nor is that of what nobody has heard yet, or that of a session that was not given everything.
  if (at > heardTo + wholeBytes(format, ROUNDING_MS) || memory.jumpedTo > live.base) return untimed
  const time = live.told.add(at, event.text)
  return time === 'wrong' ? untimed : { time, at: Math.min(at, heardTo) }
}

/** A final without what was told of it before; of words that are left out, nothing else is told. */
export function withoutToldAgain(live: LiveSession, event: FinalEvent): FinalEvent {
  const text = live.again?.inFinal(event.text) ?? event.text
  if (live.again?.left === 0) live.again = undefined
  if (text === event.text) return event
  const { words: _words, alternatives: _alternatives, ...rest } = event
  return { ...rest, text }
}
