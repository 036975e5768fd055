import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createJournalFile } from '../../src/calls/journal-file.ts'
import { openIn, tellsOpenFiles } from '../open-in.ts'

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kav-journal-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

it.each([
  [true, undefined],
  [false, 'line\n'],
])(
  'that is closed while its first line hangs is removed (%j), or left, when the disk answers',
  async (remove, left) => {
    const path = join(dir, 'call.journal')
    const file = createJournalFile(path)
    const appended = file.append('line\n')
    await file.close(remove)
    await appended
    expect(existsSync(path) ? readFileSync(path, 'utf8') : undefined).toBe(left)
  },
)

it.skipIf(!tellsOpenFiles)('that is closed, and taken away at any step, keeps nothing open', async () => {
  for (let step = 0; step < 40; step++) {
    const path = join(dir, `${step}.journal`)
    const file = createJournalFile(path)
    const appended = file.append('line\n').catch(() => undefined)
    const closed = file.close(false)
    for (let turn = 0; turn < step; turn++) await new Promise(setImmediate)
    rmSync(path, { force: true })
    await closed
    await appended
  }
  expect(openIn(dir)).toEqual([])
})
