import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it, vi } from 'vitest'
import { runCli } from '../src/cli.ts'

afterEach(() => vi.restoreAllMocks())

it.each(['--version', '-V'])('%s prints the version of the package and nothing else', async (flag) => {
  const printed: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0)
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  expect(await runCli([flag])).toBe(0)
  expect(printed.join('')).toBe(`${version}\n`)
})

it.each([
  ['a report', ['plugins']],
  ['help', ['--help']],
  ['help for a command', ['calls', 'show', '--help']],
  ['the version', ['--version']],
])('says that %s could not be written to its end, and fails', async (_what, argv) => {
  const told: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((_text, done) => {
    // As a file on a full disk does.
    process.nextTick(
      done as unknown as () => void,
      Object.assign(new Error('ENOSPC: no room'), { code: 'ENOSPC' }),
    )
    return false
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => told.push(String(text)) > 0)
  expect(await runCli(argv)).toBe(1)
  expect(told).toEqual(['kav: the output could not be written: ENOSPC: no room\n'])
})

it.skipIf(process.loadEnvFile === undefined)(
  'names lines of .env that are no variable, and not what stands there',
  () => {
    const cwd = mkdtempSync(join(tmpdir(), 'kav-cli-'))
    writeFileSync(join(cwd, '.env'), 'TOKEN: secret\nA=1\nset B 2\n')
    const kav = fileURLToPath(new URL('../bin/kav.js', import.meta.url))
    const { status, stderr } = spawnSync(process.execPath, [kav, '--version'], { cwd, encoding: 'utf8' })
    rmSync(cwd, { recursive: true })
    expect([status, stderr]).toEqual([0, 'kav: .env: lines 1, 3 are no NAME=value, and passed over\n'])
  },
)
