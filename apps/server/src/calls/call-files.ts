import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { messageOf } from '@kav/core'
import type { CallRecord } from '@kav/core/host'
import { publicFields } from '../privacy/public-fields.ts'
import { withoutSecrets } from '../privacy/secrets.ts'
import { isFull } from '../process/full-disk.ts'
import { type OpenFile, writeWholeFile } from '../process/plain-file.ts'
import type { Storage } from '../process/storage.ts'
import { type KeptPart, type KeptRecord, withIncomplete } from './kept-record.ts'

/** What is kept of a call, as the pipeline's `record` says. */
export interface KeptFiles {
  readonly transcript: boolean
  readonly callRecord: boolean
}

const MAX_ID_CHARS = 64
const HASH_CHARS = 16

/**
 * `recordings/2026-11-23T04-37-46-123Z_CA123` without an ending. Call ids come from outside: only safe characters stay,
 * and an id that is not the whole of what stands there is told from others like it by its hash.
 */
export function callFileBase(dir: string, wallMs: number, callId: string): string {
  const when = new Date(wallMs).toISOString().replaceAll(/[:.]/g, '-')
  return join(dir, `${when}_${fileIdOf(callId)}`)
}

function fileIdOf(callId: string): string {
  const safe = callId.replaceAll(/[^A-Za-z0-9_-]/g, '')
  if (safe === callId && safe.length <= MAX_ID_CHARS) return safe
  const hash = createHash('sha256').update(callId).digest('hex').slice(0, HASH_CHARS)
  return `${safe.slice(0, MAX_ID_CHARS - HASH_CHARS - 1)}_${hash}`
}

/** What came of a call's files. */
export interface WrittenFiles {
  readonly files: readonly string[]
  /** Files that are not there, and why. What was begun of them is taken away again. */
  readonly failed: readonly { readonly file: string; readonly error: string }[]
  /** Parts that found no room in a file that is there. */
  readonly left: readonly KeptPart[]
}

interface WantedFile {
  readonly file: string
  /** What to write, the most first: a disk that is full may have room for less. */
  readonly versions: readonly { readonly text: () => string; readonly left: readonly KeptPart[] }[]
}

/**
 * Writes `<base>.txt` and `<base>.json`, each for itself: one that fails does not cost the other. Those that are
 * `there` stay as they are. Never rejects.
 */
export async function writeCallFiles(
  base: string,
  record: KeptRecord,
  kept: KeptFiles,
  storage: Storage,
  there: ReadonlySet<string> = new Set(),
  openFile?: OpenFile,
): Promise<WrittenFiles> {
  const files: string[] = []
  const failed: { file: string; error: string }[] = []
  const left: KeptPart[] = []
  for (const wanted of wantedFiles(base, record, kept)) {
    if (there.has(wanted.file)) continue
    try {
      left.push(...(await storage.run(() => writeMost(wanted, openFile))))
      files.push(wanted.file)
    } catch (error) {
      failed.push({ file: wanted.file, error: messageOf(error) })
    }
  }
  return { files, failed, left }
}

/** Nothing that was said, nothing that may repeat it, and nobody's number. */
export function withoutTranscript(record: KeptRecord): KeptRecord {
  const { from: _from, to: _to, ...facts } = record
  const events = record.events.map((event) => ({ ...event, fields: publicFields(event.fields) }))
  // A model may make a tool's name up.
  const tools = record.tools.map(({ arguments: _arguments, result: _result, ...call }) => ({
    ...call,
    tool: '',
  }))
  return { ...facts, transcript: [], tools, events }
}

/** The record as it may be given on: what is not kept is told to nobody. */
export function keptOf(record: KeptRecord, kept: Pick<KeptFiles, 'transcript'>): KeptRecord {
  return kept.transcript ? record : withoutTranscript(record)
}

function wantedFiles(base: string, record: KeptRecord, kept: KeptFiles): readonly WantedFile[] {
  const facts = keptOf(record, kept)
  const shown = (value: KeptRecord): object => (kept.transcript ? value : { ...value, transcript: undefined })
  const json = (value: KeptRecord): string => `${JSON.stringify(shown(value), null, 2)}\n`
  const short = withIncomplete({ ...facts, events: [] }, ['events'])
  const txt: WantedFile = {
    file: `${base}.txt`,
    versions: [{ text: () => transcriptText(record), left: [] }],
  }
  const whole: WantedFile = {
    file: `${base}.json`,
    versions: [
      { text: () => json(facts), left: [] },
      { text: () => json(short), left: ['events'] },
    ],
  }
  return [...(kept.transcript ? [txt] : []), ...(kept.callRecord ? [whole] : [])]
}

/** Returns what was left out. */
async function writeMost({ file, versions }: WantedFile, openFile?: OpenFile): Promise<readonly KeptPart[]> {
  for (const [index, { text, left }] of versions.entries()) {
    try {
      await writeWholeFile(file, Buffer.from(withoutSecrets(text())), openFile)
      return left
    } catch (error) {
      if (index === versions.length - 1 || !isFull(error)) throw error
    }
  }
  return []
}

export function transcriptText(record: CallRecord): string {
  const lines = record.transcript.map(({ atMs, who, text, heard }) => {
    const cut = heard !== undefined && heard !== text ? ` [heard: ${heard === '' ? 'nothing' : heard}]` : ''
    return `${clockText(atMs)}  ${who.padEnd(6)}  ${text}${cut}`
  })
  const head = `call ${record.callId} of pipeline ${record.pipeline}, ${record.startedAt}, ended by ${record.endedBy}`
  return `${head}\n\n${lines.join('\n')}\n`
}

/** `00:07.3` */
function clockText(atMs: number): string {
  const seconds = atMs / 1000
  const minutes = Math.floor(seconds / 60)
  return `${String(minutes).padStart(2, '0')}:${(seconds - minutes * 60).toFixed(1).padStart(4, '0')}`
}
