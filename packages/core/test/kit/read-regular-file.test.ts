import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readRegularFile, readRegularFileSync } from '../../src/kit/read-regular-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'kav-regular-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = join(folder, 'file')
const pipe = join(folder, 'pipe')
writeFileSync(file, 'twelve bytes')

describe.each([
  ['waiting', readRegularFile],
  ['at once', async (path: string, maxBytes: number) => readRegularFileSync(path, maxBytes)],
])('a file of a path that somebody wrote, read %s', (_how, read) => {
  it('is read whole up to a length, and not beyond', async () => {
    expect((await read(file, 12)).toString()).toBe('twelve bytes')
    await expect(read(file, 11)).rejects.toMatchObject({ code: 'EFBIG' })
    writeFileSync(join(folder, 'empty'), '')
    expect(await read(join(folder, 'empty'), 10)).toHaveLength(0)
    await expect(read(join(folder, 'absent'), 10)).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(read(folder, 10)).rejects.toMatchObject({ code: 'EISDIR' })
  })

  it.skipIf(process.platform === 'win32')(
    'is no pipe without a writer, and no device without an end',
    async () => {
      spawnSync('mkfifo', [pipe])
      await expect(read(pipe, 10)).rejects.toMatchObject({ code: 'ENOTREG' })
      await expect(read('/dev/zero', 10)).rejects.toMatchObject({ code: 'ENOTREG' })
    },
  )

  it.skipIf(process.platform !== 'linux')('is read where it has no size, too', async () => {
    expect((await read('/proc/self/stat', 4096)).toString()).toContain(`${process.pid}`)
    await expect(read('/proc/self/stat', 10)).rejects.toMatchObject({ code: 'EFBIG' })
  })
})
