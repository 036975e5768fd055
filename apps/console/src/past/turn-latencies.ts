import type { CallRecord } from '@kav/client'
import { heardAfterMs, type Waterfall, waterfallOf } from '../conversation/waterfall.ts'

export interface TimedTurn extends Waterfall {
  /** The end of the caller's speech, in ms since the call began; where it cannot be told, undefined. */
  readonly speechEndMs: number | undefined
}

/** The steps of every turn, with the moment at which each was heard. */
export function turnLatencies({ turns, events, voice }: CallRecord): readonly TimedTurn[] {
  return turns.map((fields) => {
    const told = events.find(
      ({ event, fields: its }) => event === 'turn_latency' && its['turn'] === fields.turn,
    )
    if (told === undefined) return { ...waterfallOf(fields), speechEndMs: undefined }
    const frameMs = typeof fields.first_frame_ms === 'number' ? fields.first_frame_ms : undefined
    return {
      ...waterfallOf(fields, heardAfterMs(fields, told.atMs, voice.agent)),
      speechEndMs: frameMs === undefined ? undefined : told.atMs - frameMs,
    }
  })
}
