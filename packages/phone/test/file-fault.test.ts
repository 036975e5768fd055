import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createCallerScript, loadCallerScript } from '../src/caller-script.ts'
import { loadClip } from '../src/clip.ts'
import { runCallScript } from '../src/run-call-script.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kav-file-'))
  mkdirSync(join(dir, 'folder'))
  writeFileSync(join(dir, 'file'), '')
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

it.each([
  ['gone', 'there is no such file'],
  ['file/in', 'there is no such file'],
  ['folder', 'it is a folder'],
])('says of %s why it cannot be read', (name, why) => {
  const path = join(dir, name)
  expect(() => loadClip(path)).toThrow(`cannot read the recording ${path}: ${why}`)
  expect(() => loadCallerScript(path)).toThrow(`cannot read the script ${path}: ${why}`)
})

it.each([
  ['folder', 'it is a folder; name a file in it'],
  ['file/in/it.wav', 'file is no folder'],
])('places no call that could not be recorded to %s, and leaves nothing there', async (name, why) => {
  const script = createCallerScript({ name: 'none', steps: ['hang_up'] })
  const before = readdirSync(dir, { recursive: true })
  // Nobody answers there: the call would fail by another code.
  const call = runCallScript({ webhookUrl: 'http://127.0.0.1:9/', script, recordTo: join(dir, name) })
  await expect(call).rejects.toMatchObject({
    code: 'KAV_PHONE_RECORD_UNWRITABLE',
    message: expect.stringContaining(why) as string,
  })
  expect(readdirSync(dir, { recursive: true })).toEqual(before)
})

it('a folder that is not there yet is no fault, and is not made for a call that was not', async () => {
  const script = createCallerScript({ name: 'none', steps: ['hang_up'] })
  const recordTo = join(dir, 'new', 'deep', 'call.wav')
  await expect(runCallScript({ webhookUrl: 'http://127.0.0.1:9/', script, recordTo })).rejects.toMatchObject({
    code: 'KAV_PHONE_WEBHOOK_FAILED',
  })
  expect(readdirSync(dir)).toEqual(['file', 'folder'])
})
