import type { PartName } from './span-table.ts'

/** What is known of the steps of a turn, ms since the call began. */
export interface TurnSteps {
  readonly startMs: number
  /** When the caller's speech ended that is answered: later than `startMs` where the answer was made anew. */
  readonly speechEndMs: number
  /** Its last restart. */
  readonly restartedMs?: number | undefined
  readonly turnEndMs?: number | undefined
  readonly firstTokenMs?: number | undefined
  readonly firstAudioMs?: number | undefined
  readonly firstFrameMs?: number | undefined
}

export interface TurnPart {
  readonly name: PartName
  readonly startMs: number
  readonly endMs: number
}

/**
 * A turn from its start to `endMs` in parts, each from the end of the one before: they add up to the turn whatever the
 * steps are. A step that is not known has no part of its own; the part in which the turn ended reaches to its end.
 */
export function partsOf(steps: TurnSteps, endMs: number): readonly TurnPart[] {
  const borders: readonly (readonly [PartName, number | undefined])[] = [
    ['superseded', steps.restartedMs],
    ['endpointing', steps.turnEndMs],
    ['first_token', steps.firstTokenMs],
    ['first_audio', steps.firstAudioMs],
    ['wire', steps.firstFrameMs],
    ['playout', undefined],
  ]
  const last = borders.findLastIndex(([, atMs]) => atMs !== undefined)
  const parts: TurnPart[] = []
  let startMs = steps.startMs
  for (const [index, [name, atMs]] of borders.entries()) {
    const isLast = index === last + 1
    if (!isLast && atMs === undefined) continue
    const partEndMs = isLast ? endMs : Math.min(endMs, Math.max(startMs, atMs!))
    if (partEndMs > startMs) parts.push({ name, startMs, endMs: partEndMs })
    startMs = partEndMs
    if (isLast) break
  }
  return parts
}
