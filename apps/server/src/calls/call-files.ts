import { mkdir, unlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { messageOf } from '@kav/core'
import type { CallRecord } from '@kav/core/host'
import { publicFields } from '../privacy/public-fields.ts'
import { withoutSecrets } from '../privacy/secrets.ts'
import type { Storage } from '../process/storage.ts'

/** What is kept of a call, as the pipeline's `record` says. */
export interface KeptFiles {
  readonly transcript: boolean
  readonly callRecord: boolean
}

/** `recordings/2026-11-23T04-37-46-123Z_CA123` without an ending; call ids come from outside, so only safe characters stay. */
export function callFileBase(dir: string, wallMs: number, callId: string): string {
  const when = new Date(wallMs).toISOString().replaceAll(/[:.]/g, '-')
  return join(dir, `${when}_${callId.replaceAll(/[^A-Za-z0-9_-]/g, '').slice(0, 64)}`)
}

/** What came of a call's files. */
export interface WrittenFiles {
  readonly files: readonly string[]
  /** Files that are not there, and why. What was begun of them is taken away again. */
  readonly failed: readonly { readonly file: string; readonly error: string }[]
}

/** Writes `<base>.txt` and `<base>.json`, each for itself: one that fails does not cost the other. Never rejects. */
export async function writeCallFiles(
  base: string,
  record: CallRecord,
  kept: KeptFiles,
  storage: Storage,
): Promise<WrittenFiles> {
  const facts = kept.transcript ? record : withoutTranscript(record)
  const wanted = [
    ...(kept.transcript ? [{ file: `${base}.txt`, text: () => transcriptText(record) }] : []),
    ...(kept.callRecord ? [{ file: `${base}.json`, text: () => `${JSON.stringify(facts, null, 2)}\n` }] : []),
  ]
  const files: string[] = []
  const failed: { file: string; error: string }[] = []
  for (const { file, text } of wanted) {
    try {
      await storage.run(() => writeWhole(file, withoutSecrets(text())))
      files.push(file)
    } catch (error) {
      failed.push({ file, error: messageOf(error) })
    }
  }
  return { files, failed }
}

/** Nothing that was said, and nothing that may repeat it. */
function withoutTranscript(record: CallRecord): object {
  const events = record.events.map((event) => ({ ...event, fields: publicFields(event.fields) }))
  return { ...record, transcript: undefined, events }
}

async function writeWhole(file: string, text: string): Promise<void> {
  // Each time: a folder may vanish while the process runs.
  await mkdir(dirname(file), { recursive: true })
  try {
    await writeFile(file, text)
  } catch (error) {
    await unlink(file).catch(() => undefined)
    throw error
  }
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
