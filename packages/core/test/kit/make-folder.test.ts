import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeFolder, makeFolderSync } from '../../src/kit/make-folder.ts'

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kav-folder-'))))
afterEach(() => rmSync(dir, { recursive: true }))

describe.each([
  ['makeFolder', makeFolder],
  ['makeFolderSync', async (path: string, mode?: number) => makeFolderSync(path, mode)],
])('%s', (_, make) => {
  it('makes a folder with those that it lies in, and leaves what is there', async () => {
    const path = join(dir, 'a', 'b', 'c')
    await make(path, 0o700)
    expect(statSync(path).mode & 0o777).toBe(0o700)
    writeFileSync(join(path, 'kept'), '')
    await make(path, 0o755)
    expect(existsSync(join(path, 'kept'))).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o700)
    await make('/')
  })

  it('goes through a link to a folder, and says so of one to nowhere', async () => {
    symlinkSync(dir, join(dir, 'here'))
    await make(join(dir, 'here', 'a'))
    expect(existsSync(join(dir, 'a'))).toBe(true)
    symlinkSync(join(dir, 'nowhere'), join(dir, 'there'))
    await expect(make(join(dir, 'there', 'a'))).rejects.toThrow(/EEXIST/)
  })

  it('says that a file is in the way', async () => {
    writeFileSync(join(dir, 'file'), '')
    await expect(make(join(dir, 'file'))).rejects.toThrow(/EEXIST/)
    await expect(make(join(dir, 'file', 'a', 'b'))).rejects.toThrow(/ENOTDIR/)
  })

  it.runIf(process.platform === 'linux')('ends where a folder is there and takes nothing', async () => {
    await expect(make('/proc/kav')).rejects.toThrow(/ENOENT/)
    await expect(make('/proc/kav/a/b')).rejects.toThrow(/ENOENT/)
  })
})

it('two that make the same one at once both have it', async () => {
  const path = join(dir, 'a', 'b', 'c')
  await Promise.all(Array.from({ length: 8 }, () => makeFolder(path)))
  expect(statSync(path).isDirectory()).toBe(true)
})

it.runIf(process.platform === 'linux').each(['makeFolder', 'makeFolderSync'])(
  '%s ends below a working directory that is gone',
  (name) => {
    const script = `
      const { ${name}: make } = await import(${JSON.stringify(new URL('../../dist/kit/make-folder.js', import.meta.url).href)})
      process.chdir(${JSON.stringify(dir)})
      const { rmdirSync, mkdirSync } = await import('node:fs')
      rmdirSync(${JSON.stringify(dir)})
      try { await make('a/b') } catch (error) { console.log(error.code) }
      mkdirSync(${JSON.stringify(dir)})`
    const args = ['--input-type=module', '-e', script]
    expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe('ENOENT\n')
  },
)
