import { readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '@kav/core'
import { JOURNAL_ENDING } from '../calls/call-journal.ts'
import { withoutTranscript } from '../calls/call-files.ts'
import type { KeptRecord } from '../calls/kept-record.ts'
import { callOfName } from '../calls/record-of-journal.ts'
import { writeWholeFile } from '../process/plain-file.ts'
import { readUploaded, UPLOADED_ENDING } from '../recording/uploads.ts'
import { type Keep, longestKept } from './longest-kept.ts'
import type { RetentionParts } from './retention-parts.ts'
import { unlessGone } from './unless-gone.ts'

type Parts = Pick<RetentionParts, 'pipelines' | 'clock' | 'log' | 'metrics' | 'storage' | 'removals'>

/** Erases from the folders of records what is older than `keep` says; of pipelines that share one, the longest counts. */
export async function eraseOldFiles(parts: Parts, stopped: () => boolean): Promise<void> {
  const byFolder = new Map<string, Keep[]>()
  for (const { config } of parts.pipelines())
    byFolder.set(config.record.dir, [...(byFolder.get(config.record.dir) ?? []), config.keep])
  for (const [dir, keeps] of byFolder) await eraseIn(dir, keeps, parts, stopped)
}

async function eraseIn(
  dir: string,
  keeps: readonly Keep[],
  { clock, log, metrics, storage, removals }: Parts,
  stopped: () => boolean,
): Promise<void> {
  const limits = {
    audio: longestKept(keeps, 'audio'),
    words: longestKept(keeps, 'transcript'),
    all: longestKept(keeps, 'record'),
  }
  if (Object.values(limits).every((limit) => limit === undefined)) return
  const names = await storage
    .run(() => readdir(dir))
    .catch((error: NodeJS.ErrnoException): string[] => {
      if (error.code === 'ENOENT') return []
      throw error
    })
  // Calls that run, or wait to be completed.
  const open = new Set(names.filter((name) => name.endsWith(JOURNAL_ENDING)).map(baseOfJournal))
  const erased = { recording: 0, words: 0, call: 0 }
  const failed: { readonly file: string; readonly error: string }[] = []
  for (const name of names) {
    if (stopped()) return
    const [base, ending] = partsOf(name)
    const call = callOfName(base)
    if (call === undefined || ending === undefined || open.has(base)) continue
    const part = partToErase(ending, clock.wallMs() - call.startedAtWallMs, limits)
    if (part === undefined) continue
    try {
      if (ending === UPLOADED_ENDING) {
        const address = await storage.run(() => readUploaded(join(dir, name)))
        const removal = address === undefined ? 'gone' : await removals.remove(address, `${base}.wav`)
        if (removal === 'out of reach') throw new Error(`${address} is out of reach`)
      }
      await storage.run(async () => {
        if (part === 'words') await takeWordsOut(join(dir, `${base}.json`))
        await unlink(join(dir, name)).catch(unlessGone)
      })
      erased[part]++
      metrics.count('retention_files_erased_total', 1, { part })
    } catch (error) {
      metrics.count('retention_failed_total')
      failed.push({ file: name, error: messageOf(error) })
    }
  }
  if (erased.call + erased.words + erased.recording > 0)
    log.info({ dir, ...erased }, 'RETENTION: files erased')
  if (failed.length > 0)
    log.error(
      { dir, files: failed.length, first: failed[0] },
      'RETENTION: files cannot be erased, it is tried again',
    )
}

const UNREAD_JOURNAL = `${JOURNAL_ENDING}.unread`
const ENDINGS = ['.wav', UPLOADED_ENDING, '.txt', '.json', UNREAD_JOURNAL] as const
type Ending = (typeof ENDINGS)[number]

interface Limits {
  readonly audio: number | undefined
  readonly words: number | undefined
  readonly all: number | undefined
}

function partToErase(
  ending: Ending,
  ageMs: number,
  limits: Limits,
): 'call' | 'recording' | 'words' | undefined {
  if (isOlder(ageMs, limits.all)) return 'call'
  if (ending === '.wav' || ending === UPLOADED_ENDING)
    return isOlder(ageMs, limits.audio) ? 'recording' : undefined
  const hasWords = ending === '.txt' || ending === UNREAD_JOURNAL
  return hasWords && isOlder(ageMs, limits.words) ? 'words' : undefined
}

const baseOfJournal = (name: string): string => name.slice(0, -JOURNAL_ENDING.length)

function partsOf(name: string): readonly [string, Ending | undefined] {
  const ending = ENDINGS.find((one) => name.endsWith(one))
  return [ending === undefined ? name : name.slice(0, -ending.length), ending]
}

function isOlder(ageMs: number, limitMs: number | undefined): boolean {
  return limitMs !== undefined && ageMs > limitMs
}

/** The text stands beside it as long as the record has it: so is known which records still do. */
async function takeWordsOut(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(unlessGone)
  if (text === undefined) return
  const record = JSON.parse(text) as KeptRecord
  const facts = { ...withoutTranscript({ ...record, tools: record.tools ?? [] }), transcript: undefined }
  await writeWholeFile(file, Buffer.from(`${JSON.stringify(facts, null, 2)}\n`))
}
