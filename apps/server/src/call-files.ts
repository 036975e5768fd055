import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CallRecord } from '@kav/core/host'

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

/** Writes `<base>.txt` and `<base>.json`; returns what was written. */
export async function writeCallFiles(
  base: string,
  record: CallRecord,
  kept: KeptFiles,
): Promise<readonly string[]> {
  const files: string[] = []
  await mkdir(join(base, '..'), { recursive: true })
  if (kept.transcript) {
    await writeFile(`${base}.txt`, transcriptText(record))
    files.push(`${base}.txt`)
  }
  if (kept.callRecord) {
    const facts = kept.transcript ? record : { ...record, transcript: undefined }
    await writeFile(`${base}.json`, `${JSON.stringify(facts, null, 2)}\n`)
    files.push(`${base}.json`)
  }
  return files
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
