import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { writeCallFiles } from '../../src/calls/call-files.ts'
import type { KeptRecord } from '../../src/calls/kept-record.ts'
import { createStorage } from '../../src/process/storage.ts'

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

  it('hold less where there is no room for all, and say so', async () => {
    const base = join(dir, 'full')
    // What is written first meets a disk without room; then there is some.
    symlinkSync('/dev/full', `${base}.json.part`)
    const written = await writeCallFiles(
      base,
      RECORD,
      { transcript: true, callRecord: true },
      createStorage(),
    )
    expect(written).toEqual({ files: [`${base}.txt`, `${base}.json`], failed: [], left: ['events'] })
    expect(JSON.parse(readFileSync(`${base}.json`, 'utf8'))).toEqual({
      ...RECORD,
      events: [],
      incomplete: ['events'],
    })
  })

  it('are whole or not there', async () => {
    const base = join(dir, 'none')
    symlinkSync('/dev/full', `${base}.txt.part`)
    const { failed } = await writeCallFiles(
      base,
      RECORD,
      { transcript: true, callRecord: true },
      createStorage(),
    )
    expect(failed).toMatchObject([
      { file: `${base}.txt`, error: expect.stringContaining('ENOSPC') as string },
    ])
    expect(readdirSync(dir).filter((name) => name.startsWith('none'))).toEqual(['none.json'])
  })
})
