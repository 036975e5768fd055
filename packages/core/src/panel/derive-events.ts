import type { CallerEvent } from './caller-event.ts'
import { type Interval, intervalAt, joinIntervals, totalOverlapMs } from './interval.ts'

/** A longer pause ends a turn, whoever speaks or does not: most pauses inside turns are shorter. */
const TURN_PAUSE_MS = 1500
/** Nobody answers or stops at words that began later before: what the caller goes on to say was not caused by them. */
const REACTION_MS = 400
/** A shorter pause is inside an utterance even while the agent speaks. */
const BREATH_MS = 500
/** A listener's noise is no longer, and stands alone. */
const BACKCHANNEL_MS = 1000
/** An answer that had no more time than this to come is not missing. */
const ANSWER_MS = 2000

/**
 * What the caller's voice may have been, where nobody says so, from when each side is heard:
 *
 * - pieces of voice are one utterance where the agent is silent in a pause of at most 1.5 s between them (or only just
 *   began: a caller who goes on within 0.4 s was not done), or the pause is shorter than 0.5 s;
 * - what begins in silence is a turn;
 * - what begins over the agent's voice is a backchannel if it lasts at most 1 s and the caller is silent for 1 s before
 *   and after; otherwise an interruption.
 *
 * An answer is not missed where the call ends less than 2 s after the words. Tics and side talk cannot be told from turns: that takes words.
 */
export function deriveEvents(
  callerVoice: readonly Interval[],
  agentVoice: readonly Interval[],
  durationMs: number,
): CallerEvent[] {
  const agent = joinIntervals(agentVoice)
  const utterances = joinUtterances(joinIntervals(callerVoice), agent)
  return utterances.map((utterance): CallerEvent => {
    const answerable = durationMs - utterance.endMs >= ANSWER_MS
    const kind = kindOf(utterance, utterances, agent)
    return { ...utterance, kind, ...(!answerable && { noTimeToAnswer: true }) }
  })
}

function kindOf(
  utterance: Interval,
  utterances: readonly Interval[],
  agent: readonly Interval[],
): CallerEvent['kind'] {
  const { startMs, endMs } = utterance
  if (!intervalAt(agent, startMs)) return 'turn'
  const around = { startMs: startMs - BACKCHANNEL_MS, endMs: endMs + BACKCHANNEL_MS }
  const alone = totalOverlapMs(utterances, around) === endMs - startMs
  return alone && endMs - startMs <= BACKCHANNEL_MS ? 'backchannel' : 'interruption'
}

function joinUtterances(voice: readonly Interval[], agent: readonly Interval[]): Interval[] {
  const utterances: Interval[] = []
  for (const piece of voice) {
    const last = utterances.at(-1)
    if (last && isPause({ startMs: last.endMs, endMs: piece.startMs }, agent))
      utterances.splice(-1, 1, { startMs: last.startMs, endMs: piece.endMs })
    else utterances.push(piece)
  }
  return utterances
}

/** Whether the caller who is silent here has not yet said all. */
function isPause(silence: Interval, agent: readonly Interval[]): boolean {
  const lastsMs = silence.endMs - silence.startMs
  return lastsMs < BREATH_MS || (lastsMs <= TURN_PAUSE_MS && totalOverlapMs(agent, silence) <= REACTION_MS)
}
