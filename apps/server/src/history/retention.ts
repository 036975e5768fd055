import type { CallStore, ErasedCall, ErasedPart } from '@kav/core'
import { messageOf } from '@kav/core'
import { type LoadedPipeline, periodMs } from '@kav/core/host'
import { callFileBase } from '../calls/call-files.ts'
import { eraseDeadItems } from './dead-items.ts'
import { longestKept } from './longest-kept.ts'
import { eraseOldFiles } from './old-files.ts'
import type { RetentionParts } from './retention-parts.ts'
import { markTorn } from './torn-calls.ts'

/** Behind a start: calls of a process that died are completed first. */
const FIRST_MS = 60_000
const EVERY_MS = 600_000
const DAY_MS = 24 * 3_600_000

/** Erases what is older than `keep` says, and marks calls whose process is gone: now and then, by one timer. */
export function startRetention(parts: RetentionParts): () => void {
  const { clock } = parts
  let stopped = false
  let cancel = clock.after(FIRST_MS, round)

  function round(): void {
    void runRetention(parts, () => stopped).finally(() => {
      if (!stopped) cancel = clock.after(EVERY_MS, round)
    })
  }

  return () => {
    stopped = true
    cancel()
  }
}

const PARTS: readonly (readonly ['audio' | 'transcript' | 'record', ErasedPart])[] = [
  ['audio', 'recording'],
  ['transcript', 'words'],
  ['record', 'call'],
]

/** One round. Never rejects: what failed is told, counted, and tried again with the next. */
export async function runRetention(parts: RetentionParts, stopped = () => false): Promise<void> {
  const { pipelines, stores, log, metrics } = parts
  const told = async (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => {
      metrics.count('retention_failed_total')
      log.error({ error: messageOf(error) }, 'RETENTION: failed, it is tried again')
    })
  const all = new Set(stores().values())
  for (const store of all) await told(markTorn(store, parts))
  // In each store: a pipeline may have had another one before.
  for (const one of pipelines())
    for (const store of all) await told(eraseOldCalls(store, one, parts, stopped))
  for (const store of all) await told(eraseLeftCalls(store, parts, stopped))
  await told(eraseOldFiles(parts, stopped))
  await told(eraseDeadItems(parts))
  await parts.erasures?.round()
}

/** A pipeline of which no call has begun for so long is taken for one that nobody has any more. */
const SILENT_MS = 30 * DAY_MS

/**
 * Calls of pipelines that no file names any more, or by another name: they go by the longest period of those that have
 * the store now. One that still gets calls is another service's, and is left to it.
 */
async function eraseLeftCalls(
  store: CallStore,
  parts: RetentionParts,
  stopped: () => boolean,
): Promise<void> {
  const { pipelines, stores, clock } = parts
  const known = new Set(pipelines().map(({ config }) => config.name))
  const keeps = pipelines().flatMap(({ config: { name, keep } }) =>
    stores().get(name) === store ? [keep] : [],
  )
  const periods = PARTS.map(([field]) => longestKept(keeps, field)).filter((period) => period !== undefined)
  if (periods.length === 0) return
  const untilMs = clock.wallMs() - Math.min(...periods)
  while (!stopped()) {
    const { calls } = await store.find({ otherThan: [...known], untilMs }, { limit: 1 })
    const name = calls[0]?.pipeline
    // A store that knows no `otherThan` finds those, too.
    if (name === undefined || known.has(name)) return
    known.add(name)
    if (name !== '' && (await isYoung(store, name, clock.wallMs() - SILENT_MS))) continue
    for (const [field, part] of PARTS) {
      const period = longestKept(keeps, field)
      if (period !== undefined) await erasePart(store, { name, part, period }, parts, stopped)
    }
  }
}

/** Calls of no pipeline, those to a number that none answers, are nobody else's. */
async function isYoung(store: CallStore, pipeline: string, sinceMs: number): Promise<boolean> {
  return (await store.find({ pipeline, sinceMs }, { limit: 1 })).calls.length > 0
}

/** One in the folder goes with its files. */
async function takeRecording(
  { id, startedAtMs, recording }: ErasedCall,
  removals: RetentionParts['removals'],
): Promise<void> {
  if (recording?.includes('://') !== true) return
  await removals.remove(recording, `${callFileBase('', startedAtMs, id)}.wav`)
}

async function eraseOldCalls(
  store: CallStore,
  { config: { name, keep } }: LoadedPipeline,
  parts: RetentionParts,
  stopped: () => boolean,
): Promise<void> {
  for (const [field, part] of PARTS) {
    const kept = keep[field]
    if (kept !== undefined) await erasePart(store, { name, part, period: periodMs(kept) }, parts, stopped)
  }
}

async function erasePart(
  store: CallStore,
  { name, part, period }: { readonly name: string; readonly part: ErasedPart; readonly period: number },
  { clock, log, metrics, removals }: RetentionParts,
  stopped: () => boolean,
): Promise<void> {
  const query = { pipeline: name, untilMs: clock.wallMs() - period }
  let calls = 0
  for (let erased = 1; erased > 0 && !stopped(); calls += erased) {
    const found = await store.erase(part, query)
    erased = found.length
    if (part !== 'words') for (const call of found) await takeRecording(call, removals)
    metrics.count('retention_calls_erased_total', erased, { part })
  }
  if (calls > 0)
    log.info(
      { pipeline: name, part, calls, older_than_days: period / DAY_MS },
      'RETENTION: erased from the store',
    )
}
