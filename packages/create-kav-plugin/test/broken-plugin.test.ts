import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { newPlugin } from '../src/new-plugin.ts'
import type { TemplateKind } from '../src/template-kinds.ts'

const NODE_MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url))

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'kav-broken-'))))
afterEach(() => rmSync(folder, { recursive: true }))

/** What its author breaks has to turn the suite red: that is how they know that it looks. */
it.each<[kind: TemplateKind, file: string, right: string, broken: string, named: string]>([
  [
    'llm',
    'src/index.js',
    "throw faultOf({ errorClass: 'network', said: 'the answer ended before its end' }, faults)",
    "yield { type: 'end' }",
    'an answer that is cut in the middle is told as a fault',
  ],
  [
    'transport',
    'src/call.js',
    'clear: () => tell({ clear: true })',
    'clear: () => {}',
    'clear returns the pending marks long before',
  ],
])(
  'a new plugin of kind %s fails its suite where %s lacks what it owes',
  async (kind, name, right, broken, named) => {
    const dir = join(folder, 'mine')
    newPlugin({ name: 'my-own', kind, dir }, () => undefined)
    symlinkSync(NODE_MODULES, join(dir, 'node_modules'))
    const suite = async (): Promise<string> => {
      const args = ['--test', '--test-reporter=tap', `--test-name-pattern=${named}`, 'test/contract.test.js']
      const { NODE_TEST_CONTEXT: _, ...env } = process.env
      const run = promisify(execFile)(process.execPath, args, { cwd: dir, env })
      return (await run.catch((thrown: { stdout: string }) => thrown)).stdout
    }
    expect(await suite()).toMatch(/^# pass 1$/m)

    const file = join(dir, name)
    const text = readFileSync(file, 'utf8')
    expect(text).toContain(right)
    writeFileSync(file, text.replace(right, broken))
    expect(await suite()).toMatch(/^# fail 1$/m)
  },
  60_000,
)
