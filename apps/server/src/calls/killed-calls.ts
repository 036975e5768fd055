import { lstat, readdir, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type AudioFormat, type Clock, type Logger, messageOf, type Metrics } from '@kav/core'
import { delay } from '@kav/core/kit'
import { ownMark, type ProcessMark, type ProcessState, stateOf } from '../process/process-mark.ts'
import { isPartOf, openPlainFile, PART_ENDING } from '../process/plain-file.ts'
import type { Storage } from '../process/storage.ts'
import { hideSounds } from '../recording/hide-sounds.ts'
import { createPrivateStretches } from '../recording/private-stretches.ts'
import type { UploadedTo } from '../recording/uploads.ts'
import { repairWav } from '../recording/repair-wav.ts'
import { JOURNAL_ENDING, MAX_JOURNAL_BYTES } from './call-journal.ts'
import { type LoneRecording, loneRecordings } from './lone-recordings.ts'
import { type KeptFiles, keptOf, writeCallFiles } from './call-files.ts'
import { finishedRecord } from './finished-record.ts'
import { type JournalContent, readJournal } from './journal-lines.ts'
import { type KeptRecord, withoutRecording, withUpload } from './kept-record.ts'
import { callOfName, type NamedCall, recordOfJournal } from './record-of-journal.ts'

export interface KilledCallsOptions {
  readonly dir: string
  /** What to keep of a call whose journal does not say. */
  readonly kept: KeptFiles
  /** The same, of what is private in its recording. */
  readonly redacted: boolean
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
  /** A call's record, as it was completed; with what is kept of it. False: the journal stays, to tell it again. */
  readonly onCompleted?: ((record: KeptRecord, kept: KeptFiles) => Promise<boolean>) | undefined
  /** Takes a recording that may be heard to where the pipeline of this name keeps its recordings. */
  readonly upload?: ((file: string, pipeline: string) => UploadedTo | undefined) | undefined
  /** Is told of each call before its journal goes: what it takes is safe when it resolves. Never rejects. */
  readonly tellEnded?: ((record: KeptRecord) => Promise<void>) | undefined
  /** Stops looking. */
  readonly signal: AbortSignal
}

/**
 * How long the journal of a process that cannot be seen is watched for a sign of life. It gives one every ten seconds
 * (`ALIVE_EVERY_MS`); what counts is whether the file grows on this machine's clock, so no two clocks must agree.
 */
export const WATCH_MS = 45_000
/** A head is a few hundred bytes, and a journal may end with one line too many. */
const READ_LIMIT_BYTES = MAX_JOURNAL_BYTES + 256 * 1024
/** Kept aside: another version of Kav may read it. */
const UNREAD_ENDING = '.unread'

/** Of a recording of which neither the journal nor the file itself tells it. */
const USUAL_FORMAT: AudioFormat = { encoding: 'linear16', sampleRateHz: 8000 }

/** More than a recording begins before its call: what audio is delayed for, at most. */
const BEGINS_BEFORE_MS = 500

interface Journal extends NamedCall {
  readonly base: string
  readonly file: string
  readonly bytes: number
  readonly content: JournalContent
}

/**
 * Completes the calls whose process died in the middle of them: record, transcript and recording, then the journal
 * goes. Calls of a process that lives are left alone. Nothing here rejects or ends anything: what cannot be read or
 * written is told, counted and tried again at the next start. Two processes may do it at the same time: both write
 * the same.
 */
export async function completeKilledCalls(options: KilledCallsOptions): Promise<void> {
  const { clock, log, signal } = options
  try {
    const own = ownMark()
    const unseen: Journal[] = []
    const { names, journals, begun } = await lookThrough(options)
    for (const name of journals) {
      if (signal.aborted) return
      const journal = await readFolderEntry(options, name)
      if (journal === undefined) continue
      const state = ownerState(journal, own)
      if (state === 'dead') await complete(options, journal, begun)
      else if (state === 'unseen') unseen.push(journal)
    }
    const lone = await loneRecordings(names, options)
    if (unseen.length + lone.length === 0) return
    await delay(clock, WATCH_MS, signal)
    await completeLone(options, lone, begun)
    for (const before of unseen) {
      if (signal.aborted) return
      const now = await readFolderEntry(options, `${before.base}${JOURNAL_ENDING}`)
      if (now !== undefined && now.bytes === before.bytes) await complete(options, now, begun)
    }
  } catch (error) {
    log.error({ error: messageOf(error) }, 'RECORD: calls of a process that died could not be completed')
  }
}

/** Nobody knows whose they are: what has not grown, and still stands alone, is nobody's any more. */
async function completeLone(
  options: KilledCallsOptions,
  before: readonly LoneRecording[],
  begun: readonly string[],
): Promise<void> {
  if (before.length === 0 || options.signal.aborted) return
  const { names } = await lookThrough(options)
  const now = new Map((await loneRecordings(names, options)).map(({ base, bytes }) => [base, bytes]))
  for (const { base, bytes } of before) {
    const call = callOfName(base)
    if (options.signal.aborted) return
    if (call === undefined || now.get(base) !== bytes) continue
    const file = join(options.dir, `${base}${JOURNAL_ENDING}`)
    await complete(options, { ...call, base, file, bytes: 0, content: readJournal('') }, begun)
  }
}

function ownerState({ content }: Journal, own: ProcessMark): ProcessState {
  return content.head === undefined ? 'unseen' : stateOf(content.head.owner, own)
}

/** Names of journals, and of files that somebody began and has not finished: the folder may hold very many. */
async function lookThrough({ dir, storage, log }: KilledCallsOptions) {
  const names = await storage
    .run(() => readdir(dir))
    .catch((error: NodeJS.ErrnoException): string[] => {
      // No call was ever kept here.
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
      throw error
    })
  const journals = names.filter((name) => name.endsWith(JOURNAL_ENDING))
  const strange = journals.filter((name) => callOfName(name.slice(0, -JOURNAL_ENDING.length)) === undefined)
  if (strange.length > 0)
    log.warn(
      { files: strange.slice(0, 10), count: strange.length },
      'RECORD: journals with names that Kav does not give',
    )
  return {
    names,
    journals: journals.filter((name) => !strange.includes(name)),
    begun: names.filter((name) => name.endsWith(PART_ENDING)),
  }
}

/** `undefined`: gone meanwhile, or no file (a pipe would keep whoever opens it for ever). */
async function readFolderEntry(options: KilledCallsOptions, name: string): Promise<Journal | undefined> {
  const base = name.slice(0, -JOURNAL_ENDING.length)
  const file = join(options.dir, name)
  const call = callOfName(base)
  if (call === undefined) return undefined
  try {
    return await options.storage.run(async () => {
      const found = await readHead(file)
      return found && { ...call, base, file, bytes: found.bytes, content: readJournal(found.text) }
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') tellFailed(options, file, error)
    return undefined
  }
}

async function readHead(file: string): Promise<{ text: string; bytes: number } | undefined> {
  const handle = await openPlainFile(file, 'read')
  if (handle === undefined) return undefined
  try {
    const { size: bytes } = await handle.stat()
    const buffer = Buffer.alloc(Math.min(bytes, READ_LIMIT_BYTES))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
    return { text: buffer.toString('utf8', 0, bytesRead), bytes }
  } finally {
    await handle.close()
  }
}

async function complete(
  options: KilledCallsOptions,
  journal: Journal,
  begun: readonly string[],
): Promise<void> {
  const { dir, storage, log, metrics } = options
  const base = join(dir, journal.base)
  const { head, foreign } = journal.content
  const kept = head?.kept ?? options.kept
  try {
    const recording = await repaired(storage, base, head?.audio)
    const named = head === undefined ? journal : { ...journal, callId: head.callId }
    const finished = await finishedRecord(storage, `${base}.json`, named)
    // Its own process has judged it.
    const isJudged = finished?.recording !== undefined
    const isThere =
      recording !== undefined && (isJudged || (await hideInKilled(options, journal.content, `${base}.wav`)))
    const found = recordOfJournal(journal.content, journal)
    const uploaded = isThere && head ? options.upload?.(`${base}.wav`, head.pipeline) : undefined
    const record =
      finished ?? (isThere ? withRecording(found, recording.ms, uploaded) : withoutRecording(found))
    const there = await filesThere(storage, base)
    const { files, ...written } = await writeCallFiles(base, record, kept, storage, there)
    // A neighbour that was quicker may have taken a part for one that nobody finishes.
    const now = written.failed.length > 0 ? await filesThere(storage, base) : there
    const failed = written.failed.filter(({ file }) => !now.has(file))
    if (failed.length > 0) {
      metrics.count('call_files_failed_total', failed.length)
      throw new Error(failed[0]!.error)
    }
    await options.tellEnded?.(keptOf(record, kept))
    if ((await options.onCompleted?.(record, kept)) === false)
      throw new Error('it found no room in the store')
    const parts = begun.filter((name) => isPartOf(base, name)).map((name) => join(dir, name))
    await storage.run(() => clearAway(parts, journal.file, foreign))
    metrics.count('killed_calls_completed_total')
    const { callId: call, endedBy: ended_by, incomplete } = record
    log.warn({ call, ended_by, incomplete, files }, 'RECORD: completed a call whose process died')
  } catch (error) {
    tellFailed(options, journal.file, error)
  }
}

/** Whether the recording may be kept: nothing private is heard in it, nor anything that nobody had judged. */
async function hideInKilled(
  options: KilledCallsOptions,
  { head, events, gaps, lastAtMs }: JournalContent,
  file: string,
): Promise<boolean> {
  const { storage, metrics, log } = options
  // A call of a version that redacted nothing says nothing of it.
  if (!(head === undefined ? options.redacted : head.redacted === true)) return true
  const sounds = createPrivateStretches()
  for (const event of events) sounds.onEvent(event)
  const hasEnded = events.some(({ event }) => event === 'call_ended')
  const found = sounds.stretches(hasEnded ? undefined : { knownMs: lastAtMs })
  // How long before its call the recording begins is not known: what was said may lie so much later in it.
  const stretches = gaps ? undefined : found.map((one) => ({ ...one, toMs: one.toMs + BEGINS_BEFORE_MS }))
  const { outcome, error } = await hideSounds({ file, stretches, beginsMs: 0, storage, metrics })
  if (outcome === 'unsure') throw new Error(error)
  if (outcome === 'withheld')
    log.error({ file, error }, 'RECORD: a recording that may hold something private is not kept')
  return outcome === 'kept'
}

/** A file of the call that is there was written whole, by its own process. A link or a folder is none of Kav's. */
async function filesThere(storage: Storage, base: string): Promise<ReadonlySet<string>> {
  const there = new Set<string>()
  for (const file of [`${base}.txt`, `${base}.json`])
    if (
      await storage.run(() =>
        lstat(file).then(
          (facts) => facts.isFile(),
          () => false,
        ),
      )
    )
      there.add(file)
  return there
}

/** `undefined` when the call has no recording. */
async function repaired(storage: Storage, base: string, format: AudioFormat = USUAL_FORMAT) {
  const file = `${base}.wav`
  return storage.run(async () => {
    const facts = await lstat(file).catch(() => undefined)
    return facts && repairWav(file, format)
  })
}

function withRecording(record: KeptRecord, ms: number, uploaded: UploadedTo | undefined): KeptRecord {
  const durationMs = record.endedBy === 'killed' ? Math.max(record.durationMs, ms) : record.durationMs
  const counters = { ...record.counters, recording_ms: ms }
  return withUpload({ ...record, durationMs, counters }, uploaded)
}

async function clearAway(parts: readonly string[], journal: string, foreign: boolean): Promise<void> {
  for (const part of parts) await unlink(part).catch(() => undefined)
  await (foreign ? rename(journal, `${journal}${UNREAD_ENDING}`) : unlink(journal)).catch(
    (error: NodeJS.ErrnoException) => {
      // The neighbour was quicker.
      if (error.code !== 'ENOENT') throw error
    },
  )
}

function tellFailed({ log, metrics }: KilledCallsOptions, file: string, error: unknown): void {
  metrics.count('killed_calls_failed_total')
  log.error({ file, error: messageOf(error) }, 'RECORD: a call whose process died could not be completed')
}
