import { asProviderError } from '../../contracts/errors.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { FloorGrant } from '../speaking/floor-grant.ts'
import type { ScriptClause } from './reply-script.ts'
import { type SpeechParts, speakClause } from './speech.ts'
import type { AgentUtterance } from './utterance.ts'

export interface ClauseSpeakerParts extends SpeechParts {
  readonly telemetry: CallTelemetry
  /** Spoken in place of a clause that cannot be synthesised. Empty: nothing is. */
  readonly fallbackLine: string
}

/** What one clause is spoken with. */
export interface ClauseTurn {
  readonly turn: number
  readonly utterance: AgentUtterance
  readonly signal: AbortSignal
  readonly granted: (signal: AbortSignal) => Promise<FloorGrant | undefined>
  readonly onFirstAudio: () => void
  readonly onFirstFrame: () => void
}

/**
 * Speaks one clause in a request of its own. One that fails is tried once more if nothing of it was queued yet, then
 * the fallback line is spoken in its place. Resolves when all is queued, or nothing more can be.
 */
export async function speakWhole(
  clause: ScriptClause,
  parts: ClauseSpeakerParts,
  how: ClauseTurn,
): Promise<void> {
  const { fallbackLine } = parts
  if (await speakTwice(clause, parts, how)) return
  if (how.signal.aborted || fallbackLine === '' || clause.text === fallbackLine) return
  await speakTwice({ ...clause, text: fallbackLine, fixed: true }, parts, how)
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
    const granted: ClauseTurn['granted'] = async (signal) => {
      const grant = await how.granted(signal)
      if (grant) parts.telemetry.agentSaid(how.turn, text)
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
