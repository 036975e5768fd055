import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { callFileBase, writeCallFiles } from '../../src/calls/call-files.ts'
import { callOfName } from '../../src/calls/record-of-journal.ts'
import type { KeptRecord } from '../../src/calls/kept-record.ts'
import { createStorage } from '../../src/process/storage.ts'
import { smallDisk } from '../recording/small-disk.ts'

const RECORD: KeptRecord = {
  callId: 'CA1',
  pipeline: 'desk',
  startedAt: '2026-11-28T00:00:00.000Z',
  durationMs: 1000,
  endedBy: 'caller',
  counters: { rx_frames: 50 },
  turns: [],
  voice: { caller: [], agent: [] },
  usage: [],
  direction: 'in',
  stages: [],
  tools: [],
  transcript: [{ atMs: 900, who: 'caller', text: 'hello' }],
  events: [{ event: 'call_started', atMs: 0, fields: {} }],
}

describe('the name of the files of a call', () => {
  it('is of that call alone, whatever characters its id holds and however long it is', () => {
    const long = 'a'.repeat(70)
    const ids = [
      '',
      '/',
      '\\',
      'שלום',
      'מילה',
      'CA1',
      'CA/1',
      'CA.1',
      '../CA1',
      `${long}b`,
      `${long}c`,
      long.slice(6),
    ]
    const names = ids.map((id) => callFileBase('', 0, id))
    expect(new Set(names).size).toBe(ids.length)
    for (const name of names) expect(callOfName(name)).toMatchObject({ startedAtWallMs: 0 })
    expect(callFileBase('', 0, 'CA1')).toBe('1970-01-01T00-00-00-000Z_CA1')
  })
})

describe('the files of a call', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kav-files-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  const write = (base: string, roomBytes: number) =>
    writeCallFiles(
      base,
      RECORD,
      { transcript: true, callRecord: true },
      createStorage(),
      undefined,
      smallDisk(roomBytes),
    )

  it('hold less where there is no room for all, and say so', async () => {
    const base = join(dir, 'full')
    const written = await write(base, 490)
    expect(written).toEqual({ files: [`${base}.txt`, `${base}.json`], failed: [], left: ['events'] })
    expect(JSON.parse(readFileSync(`${base}.json`, 'utf8'))).toEqual({
      ...RECORD,
      events: [],
      incomplete: ['events'],
    })
  })

  it('are whole or not there', async () => {
    const base = join(dir, 'none')
    const { failed } = await write(base, 50)
    expect(failed.map(({ file }) => file)).toEqual([`${base}.txt`, `${base}.json`])
    expect(failed[0]!.error).toContain('ENOSPC')
    expect(readdirSync(dir).filter((name) => name.startsWith('none'))).toEqual([])
  })
})
