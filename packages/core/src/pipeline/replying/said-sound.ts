import type { SoundOf } from '../../telemetry/private-sounds.ts'
import type { FloorGrant } from '../speaking/floor-grant.ts'
import type { AgentUtterance } from './utterance.ts'

/** When a piece of a text was heard that was given to a clause behind `offset` characters; asked for once it is over. */
export function saidSound(
  utterance: Pick<AgentUtterance, 'stretchOf'>,
  clause: number,
  { playedBetween }: Pick<FloorGrant, 'playedBetween'>,
  offset = 0,
): SoundOf {
  // Kept for long: not with the grant, and with it the voice that had it.
  return ({ start, end }) => {
    const placed = utterance.stretchOf(clause, { start: start + offset, end: end + offset })
    const played = placed && playedBetween(placed.fromMs, placed.toMs)
    return played && { ...played, byWords: placed.byWords }
  }
}
