import { type Interval, joinIntervals } from './interval.ts'
import type { Panel } from './panel.ts'
import type { Tracks } from './tracks.ts'

/**
 * Silences of both that are too long and in which the agent owes an answer: it has not spoken since the last words
 * ended. A cough in such a silence makes two of it. The end of the call ends the last.
 */
export function deadAirOf(tracks: Tracks, caller: readonly Interval[]): Panel['deadAir'] {
  const { words, agent, durationMs, windows } = tracks
  const sounds = joinIntervals([...caller, ...agent])
  const silencesMs = sounds.flatMap(({ endMs }, at) => {
    const saidMs = lastEndMs(words, endMs)
    const owed = saidMs > -Infinity && saidMs >= lastEndMs(agent, endMs)
    const lastsMs = (sounds[at + 1]?.startMs ?? durationMs) - endMs
    return owed && lastsMs > windows.deadAirMs ? [lastsMs] : []
  })
  return { count: silencesMs.length, totalMs: silencesMs.reduce((total, ms) => total + ms, 0) }
}

function lastEndMs(intervals: readonly Interval[], atMs: number): number {
  return Math.max(-Infinity, ...intervals.filter(({ endMs }) => endMs <= atMs).map(({ endMs }) => endMs))
}
