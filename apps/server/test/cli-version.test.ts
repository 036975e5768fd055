import { readFileSync } from 'node:fs'
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
