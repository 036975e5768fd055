import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { writeCallFiles } from '../../src/calls/call-files.ts'
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
  transcript: [{ atMs: 900, who: 'caller', text: 'hello' }],
  events: [{ event: 'call_started', atMs: 0, fields: {} }],
}

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
    const written = await write(base, 360)
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
