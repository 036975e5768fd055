import { readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type LoadedPipeline, periodMs } from '@kav/core/host'
import { withoutTranscript } from '../calls/call-files.ts'
import type { KeptRecord } from '../calls/kept-record.ts'
import { callOfName } from '../calls/record-of-journal.ts'
import { writeWholeFile } from '../process/plain-file.ts'
import type { RetentionParts } from './retention-parts.ts'

type Keep = LoadedPipeline['config']['keep']
type Parts = Pick<RetentionParts, 'pipelines' | 'clock' | 'log' | 'metrics' | 'storage'>

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
  { clock, log, metrics, storage }: Parts,
  stopped: () => boolean,
): Promise<void> {
  const limits = {
    audio: olderThan(keeps, 'audio'),
    words: olderThan(keeps, 'transcript'),
    all: olderThan(keeps, 'record'),
  }
  if (Object.values(limits).every((limit) => limit === undefined)) return
  const names = await storage
    .run(() => readdir(dir))
    .catch((error: NodeJS.ErrnoException): string[] => {
      if (error.code === 'ENOENT') return []
      throw error
    })
  const erased = { recording: 0, words: 0, call: 0 }
  for (const name of names) {
    if (stopped()) return
    const [base, ending] = partsOf(name)
    const call = callOfName(base)
    if (call === undefined || ending === undefined) continue
    const ageMs = clock.wallMs() - call.startedAtWallMs
    const part = isOlder(ageMs, limits.all)
      ? 'call'
      : ending === '.wav' && isOlder(ageMs, limits.audio)
        ? 'recording'
        : ending === '.txt' && isOlder(ageMs, limits.words)
          ? 'words'
          : undefined
    if (part === undefined) continue
    await storage.run(async () => {
      if (part === 'words') await takeWordsOut(join(dir, `${base}.json`))
      await unlink(join(dir, name)).catch(unlessGone)
    })
    erased[part]++
    metrics.count('retention_files_erased_total', 1, { part })
  }
  if (erased.call + erased.words + erased.recording > 0)
    log.info({ dir, ...erased }, 'RETENTION: files erased')
}

const ENDINGS = ['.wav', '.txt', '.json'] as const

function partsOf(name: string): readonly [string, (typeof ENDINGS)[number] | undefined] {
  const ending = ENDINGS.find((one) => name.endsWith(one))
  return [ending === undefined ? name : name.slice(0, -ending.length), ending]
}

function isOlder(ageMs: number, limitMs: number | undefined): boolean {
  return limitMs !== undefined && ageMs > limitMs
}

/** `undefined`: somebody keeps it for ever. */
function olderThan(keeps: readonly Keep[], field: keyof Keep): number | undefined {
  const periods = keeps.map((keep) => keep[field])
  return periods.includes(undefined) ? undefined : Math.max(...periods.map((period) => periodMs(period!)))
}

/** The text stands beside it as long as the record has it: so is known which records still do. */
async function takeWordsOut(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(unlessGone)
  if (text === undefined) return
  const record = JSON.parse(text) as KeptRecord
  const facts = { ...withoutTranscript({ ...record, tools: record.tools ?? [] }), transcript: undefined }
  await writeWholeFile(file, Buffer.from(`${JSON.stringify(facts, null, 2)}\n`))
}

export function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
