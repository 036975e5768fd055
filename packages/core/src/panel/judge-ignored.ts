import type { CallerEvent } from './caller-event.ts'
import { intervalAt } from './interval.ts'
import type { Tracks } from './tracks.ts'

/**
 * Whether the agent took no notice of a backchannel, a tic or speech to somebody else, as it should. `undefined`: the
 * event cannot tell, because an agent that begins has another reason to (words are going on, or wait for an answer), or
 * because it is a backchannel in silence, which is none.
 */
export function judgeIgnored(tracks: Tracks, event: CallerEvent): boolean | undefined {
  const { agent, durationMs, windows } = tracks
  const over = intervalAt(agent, event.startMs)
  if (over) return over.endMs >= durationMs || over.endMs - event.startMs >= windows.selectivityWindowMs
  if (event.kind === 'backchannel' || answerIsDue(tracks, event.startMs)) return undefined
  const nextWords = tracks.words.find(({ startMs }) => startMs > event.startMs)
  const untilMs = Math.min(event.endMs + windows.answerWindowMs, nextWords?.startMs ?? Infinity)
  return !agent.some(({ startMs }) => event.startMs <= startMs && startMs <= untilMs)
}

/** Words are going on, or the agent has not spoken since the last ones ended. */
function answerIsDue({ words, agent }: Tracks, atMs: number): boolean {
  const last = words.findLast(({ startMs }) => startMs <= atMs)
  if (!last) return false
  return last.endMs > atMs || !agent.some(({ startMs, endMs }) => endMs > last.endMs && startMs <= atMs)
}
