import type { CallRecord } from '@kav/core/host'
import { deriveEvents, type Panel, scorePanel } from '@kav/core/panel'
import { gaveWayMs, nameByWords } from './record-words.ts'

/**
 * How the call's agent took turns, by what its record tells: the caller's voice as the detector heard it, the agent's
 * as the far end played it, and the words for what began over the agent. `undefined` where nobody listened for voice.
 */
export function panelOfRecord({ voice, transcript, events, durationMs }: CallRecord): Panel | undefined {
  if (voice.caller.length === 0) return undefined
  const caller = nameByWords(deriveEvents(voice.caller, voice.agent, durationMs), {
    said: transcript.filter(({ who }) => who === 'caller'),
    interruptedMs: gaveWayMs(events),
  })
  return scorePanel({ caller, agent: voice.agent, durationMs })
}
