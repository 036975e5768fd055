import { openPlainFile } from '../process/plain-file.ts'
import type { Storage } from '../process/storage.ts'
import type { KeptRecord } from './kept-record.ts'
import type { NamedCall } from './record-of-journal.ts'

/**
 * The record of a call as it stands in its file: its own process wrote it and died before the rest was done. `undefined`:
 * there is none, or it is no record of this call.
 */
export async function finishedRecord(
  storage: Storage,
  file: string,
  call: NamedCall,
): Promise<KeptRecord | undefined> {
  const text = await storage.run(() => textOf(file))
  const record = text === undefined ? undefined : recordIn(text)
  if (record === undefined) return undefined
  const isOfCall = record.callId === call.callId && Date.parse(record.startedAt) === call.startedAtWallMs
  return isOfCall ? record : undefined
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    const handle = await openPlainFile(file, 'read')
    try {
      return await handle?.readFile('utf8')
    } finally {
      await handle?.close()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return undefined
  }
}

/** Parts that were not kept are empty. */
function recordIn(text: string): KeptRecord | undefined {
  try {
    const value = JSON.parse(text) as Partial<KeptRecord> | null
    if (typeof value?.callId !== 'string' || typeof value.endedBy !== 'string') return undefined
    const parts = { transcript: [], tools: [], turns: [], stages: [], events: [], counters: {} }
    return { ...parts, ...value } as KeptRecord
  } catch {
    return undefined
  }
}
