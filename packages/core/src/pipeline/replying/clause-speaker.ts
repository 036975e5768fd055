import { asProviderError } from '../../contracts/errors.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { FloorGrant } from '../speaking/floor-grant.ts'
import { type RecordedLine, speakRecordedLine } from './recorded-line.ts'
import type { ScriptClause } from './reply-script.ts'
import { saidSound } from './said-sound.ts'
import { type SpeechParts, speakClause } from './speech.ts'
import type { AgentUtterance } from './utterance.ts'

export interface ClauseSpeakerParts extends SpeechParts {
  readonly telemetry: CallTelemetry
  /** Spoken in place of a clause that cannot be synthesised. Empty: nothing is. */
  readonly fallbackLine: string
  /** Absent: a clause that cannot be spoken is left out. */
  readonly whenMute?: WhenMute
}

/** What is done when no voice can say a clause, nor the fallback line in its place. */
export interface WhenMute {
  /** The recording that is played, in the call's language at this moment. */
  readonly recorded: () => RecordedLine | undefined
  /** If nothing comes of this turn the call is given up, with words of its own. */
  readonly isLast: (turn: number) => boolean
}

/** What one clause is spoken with. */
export interface ClauseTurn {
  readonly turn: number
  readonly utterance: AgentUtterance
  readonly signal: AbortSignal
  readonly granted: (signal: AbortSignal, clause: number) => Promise<FloorGrant | undefined>
  readonly onFirstAudio: () => void
  readonly onFirstFrame: () => void
}

/**
 * `spoken`, as it was written or not to its end; `replaced` by the fallback line; `left out`. `mute`: no voice works,
 * and what is left of the reply is not tried.
 */
export type ClauseOutcome = 'spoken' | 'replaced' | 'left out' | 'mute'

/**
 * Speaks one clause in a request of its own. One that fails is tried once more if nothing of it was queued yet, then
 * the fallback line is spoken in its place, and if no voice can say that either, the recorded line is played. Resolves
 * when all is queued, or nothing more can be. `first`: nothing of the turn was spoken before.
 */
export async function speakWhole(
  clause: ScriptClause,
  parts: ClauseSpeakerParts,
  how: ClauseTurn,
  first: boolean,
): Promise<ClauseOutcome> {
  const { fallbackLine, whenMute } = parts
  if (await speakTwice(clause, parts, how)) return 'spoken'
  if (how.signal.aborted) return 'left out'
  if (first && whenMute?.isLast(how.turn)) return 'mute'
  if (fallbackLine !== '' && clause.text !== fallbackLine) {
    if (await speakTwice({ ...clause, text: fallbackLine, fixed: true }, parts, how)) return 'replaced'
    if (how.signal.aborted) return 'left out'
  }
  const recorded = whenMute?.recorded()
  if (!recorded) return 'left out'
  await speakRecordedLine(recorded, parts, { ...how, round: clause.round })
  return 'mute'
}

async function speakTwice(
  { text, fixed, round }: ScriptClause,
  parts: ClauseSpeakerParts,
  how: ClauseTurn,
): Promise<boolean> {
  for (let attempt = 0; attempt < 2; attempt++) {
    let begun = false
    const onFirstAudio = (): void => {
      begun = true
      how.onFirstAudio()
    }
    const granted: ClauseTurn['granted'] = async (signal, clause) => {
      const grant = await how.granted(signal, clause)
      if (grant) parts.telemetry.agentSaid(how.turn, text, saidSound(how.utterance, clause, grant))
      return grant
    }
    try {
      await speakClause(text, parts, { ...how, fixed, round, granted, onFirstAudio })
      return true
    } catch (thrown) {
      if (how.signal.aborted) return false
      parts.telemetry.ttsFailed(how.turn, asProviderError(thrown, 'tts'))
      if (begun) return false
    }
  }
  return false
}
