import { type CallEvent, createCallRecorder } from '@kav/core/host'
import type { JournalContent } from './journal-lines.ts'
import { type KeptPart, type KeptRecord, withIncomplete, withPanel } from './kept-record.ts'

/** What a file's own name says of its call. */
export interface NamedCall {
  readonly startedAtWallMs: number
  readonly callId: string
}

const NAME = /^(\d{4}-\d{2}-\d{2}T\d{2})-(\d{2})-(\d{2})-(\d{3}Z)_([A-Za-z0-9_-]{0,64})$/

/** Reads what `callFileBase` wrote, without the folder; `undefined` for a name that is not one of Kav's. */
export function callOfName(name: string): NamedCall | undefined {
  const parts = NAME.exec(name)
  if (!parts) return undefined
  const startedAtWallMs = Date.parse(`${parts[1]}:${parts[2]}:${parts[3]}.${parts[4]}`)
  return Number.isNaN(startedAtWallMs) ? undefined : { startedAtWallMs, callId: parts[5]! }
}

/**
 * The record of a call whose process did not write it. A call that had ended is told as it ended; any other was
 * `killed`, and lacks its totals and what happened in its last moments.
 */
export function recordOfJournal(content: JournalContent, named: NamedCall): KeptRecord {
  const { head } = content
  const recorder = createCallRecorder({
    ...head?.facts,
    callId: head?.callId ?? named.callId,
    pipeline: head?.pipeline ?? '',
    startedAtWallMs: head?.startedAtWallMs ?? named.startedAtWallMs,
  })
  const missing = new Set<KeptPart>()
  if (content.damaged) for (const part of ['events', 'transcript'] as const) missing.add(part)
  for (const event of content.events) {
    try {
      recorder.onEvent(event)
    } catch {
      missing.add('events').add('transcript')
    }
  }
  const ended = content.events.findLast(({ event }) => event === 'call_ended')
  const outcome = ended && outcomeOf(ended)
  if (outcome === undefined)
    for (const part of ['counters', 'events', 'transcript'] as const) missing.add(part)
  if (head === undefined || head.audio !== undefined) missing.add('recording')
  return withIncomplete(
    withPanel(recorder.finish(outcome ?? { durationMs: content.lastAtMs, endedBy: 'killed', counters: {} })),
    missing,
  )
}

function outcomeOf({ fields }: CallEvent) {
  const { duration_ms: durationMs, ended_by: endedBy, ...totals } = fields
  if (typeof durationMs !== 'number' || typeof endedBy !== 'string') return undefined
  const counters: Record<string, number> = {}
  for (const [name, value] of Object.entries(totals)) if (typeof value === 'number') counters[name] = value
  return { durationMs, endedBy, counters }
}
