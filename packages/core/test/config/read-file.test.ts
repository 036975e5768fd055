import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeText, MAX_FILE_BYTES, readFileText } from '../../src/config/source/read-file.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kav-read-'))
  await writeFile(join(dir, 'large.yaml'), Buffer.alloc(MAX_FILE_BYTES + 1, 'a'))
  await writeFile(join(dir, 'whole.yaml'), Buffer.alloc(MAX_FILE_BYTES, 'a'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

async function faultOf(path: string): Promise<string | undefined> {
  const read = await readFileText(path)
  return read.ok ? undefined : `${read.fault.code} ${read.fault.message}`
}

describe('a file that cannot be read', () => {
  it('is told with what to do', async () => {
    expect(await faultOf(join(dir, 'none.yaml'))).toBe('KAV_CONFIG_FILE_NOT_FOUND there is no such file')
    expect(await faultOf(join(dir, 'whole.yaml', 'x.yaml'))).toBe(
      'KAV_CONFIG_FILE_NOT_FOUND there is no such file',
    )
    expect(await faultOf(dir)).toBe(
      'KAV_CONFIG_FILE_UNREADABLE this is a directory; name the YAML file itself',
    )
    expect(await faultOf('/dev/null')).toBe(
      'KAV_CONFIG_FILE_UNREADABLE this is not a regular file; name the YAML file itself',
    )
    expect(await faultOf(`a\0b`)).toBe(
      'KAV_CONFIG_FILE_UNREADABLE the file cannot be read (ERR_INVALID_ARG_VALUE)',
    )
    expect(await faultOf(join(dir, 'x'.repeat(300)))).toBe(
      'KAV_CONFIG_FILE_UNREADABLE the file cannot be read (ENAMETOOLONG)',
    )
  })

  it('may be as large as a pipeline is never', async () => {
    expect(await faultOf(join(dir, 'whole.yaml'))).toBeUndefined()
    expect(await faultOf(join(dir, 'large.yaml'))).toBe(
      'KAV_CONFIG_FILE_TOO_LARGE the file is larger than 1 MB; no pipeline is',
    )
  })
})

describe('bytes that are no UTF-8', () => {
  const utf16 = 'the file is not UTF-8 text (it looks like UTF-16); save it as UTF-8'
  const other = 'the file is not UTF-8 text; save it as UTF-8'

  it.each([
    [[0xff, 0xfe, 0x61, 0x00], 0, utf16],
    [[0xfe, 0xff, 0x00, 0x61], 0, utf16],
    [[0xff, 0x61], 0, other],
    [[0xfe, 0xfe], 0, other],
    [[0xff, 0xff], 0, other],
    [[0x61, 0xc3, 0xa9, 0xff, 0x62], 2, other],
    // A character that is cut off at the end.
    [[0x61, 0x62, 0xe2, 0x82], 2, other],
    [[0xef, 0xbb, 0xbf, 0x61, 0xff], 1, other],
  ])('%j are told where the first wrong one stands', (bytes, offset, message) => {
    expect(decodeText(Uint8Array.from(bytes))).toMatchObject({ ok: false, fault: { offset, message } })
  })

  it('do not count the mark at the beginning', () => {
    expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toEqual({ ok: true, text: 'a' })
  })
})
