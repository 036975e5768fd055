import type { CallerEvent } from './caller-event.ts'
import { intervalAt, totalOverlapMs } from './interval.ts'
import type { Tracks } from './tracks.ts'
import { interruptedScore, latencyScore, yieldScore } from './turn-taking-curve.ts'

/** What the agent made of the caller's words. */
export interface JudgedWords {
  /** The words began while it spoke. */
  readonly overAgent: boolean
  /** How long it spoke on then; missing when it did not stop in time. */
  readonly yieldMs: number | undefined
  /** The agent was silent at their end, and had time: it answered, or failed to. */
  readonly answerAsked: boolean
  /** From the end of the words to its voice; missing when the caller spoke again before, or nothing came. */
  readonly latencyMs: number | undefined
  /** How often it began inside them. */
  readonly agentStarts: number
  readonly talkOverMs: number
}

export function judgeWords(tracks: Tracks, at: number): JudgedWords {
  const { words, agent } = tracks
  const said = words[at]!
  const { startMs, endMs } = said
  const latencyMs = latencyMsOf(tracks, at)
  const spokeAtEnd = agent.some((voice) => voice.startMs < endMs && endMs < voice.endMs)
  return {
    overAgent: intervalAt(agent, startMs) !== undefined,
    yieldMs: yieldMsOf(tracks, said),
    answerAsked: !spokeAtEnd && (latencyMs !== undefined || !said.noTimeToAnswer),
    latencyMs,
    agentStarts: agent.filter((voice) => startMs < voice.startMs && voice.startMs < endMs).length,
    talkOverMs: totalOverlapMs(agent, said),
  }
}

/**
 * ServiceNow EVA's score of them. Where the agent began inside, the silence until it answers counts too; an answer that
 * never comes is worth nothing (EVA leaves such a turn out, unless it is the last: that one zeroes the call).
 * `undefined` for words that asked nothing of the agent.
 */
export function scoreOf(judged: JudgedWords): number | undefined {
  const { overAgent, yieldMs, answerAsked, latencyMs, agentStarts, talkOverMs } = judged
  const byYield = yieldMs === undefined ? 0 : yieldScore(yieldMs)
  const byLatency = latencyMs === undefined ? 0 : latencyScore(latencyMs)
  const scores = [
    ...(overAgent ? [byYield] : []),
    ...(agentStarts > 0 ? [interruptedScore(agentStarts, talkOverMs)] : []),
    ...(answerAsked && (agentStarts > 0 || !overAgent) ? [byLatency] : []),
  ]
  return scores.length > 0 ? Math.min(...scores) : undefined
}

function yieldMsOf({ agent, durationMs, windows }: Tracks, { startMs }: CallerEvent): number | undefined {
  const over = intervalAt(agent, startMs)
  // What lasts to the end of the call was not stopped by the caller.
  if (!over || over.endMs >= durationMs) return undefined
  const spokeOnMs = over.endMs - startMs
  return spokeOnMs < windows.yieldWindowMs ? spokeOnMs : undefined
}

function latencyMsOf({ words, agent }: Tracks, at: number): number | undefined {
  const { endMs } = words[at]!
  const next = words.slice(at + 1).find(({ startMs }) => startMs >= endMs)
  const answer = agent.find(({ startMs }) => startMs >= endMs)
  if (!answer || (next && next.startMs < answer.startMs)) return undefined
  return answer.startMs - endMs
}
