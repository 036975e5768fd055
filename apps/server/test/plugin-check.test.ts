import { mkdir, mkdtemp, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { pluginCheck } from '../src/commands/plugin-check.ts'
import {
  badgeOf,
  type Conformance,
  readConformance,
  writeConformance,
} from '../src/plugin-check/conformance-file.ts'

const folder = fileURLToPath(new URL('./fixtures/hum-plugin/', import.meta.url))

async function check(path: string): Promise<{ code: number; text: string }> {
  const lines: string[] = []
  const code = await pluginCheck(path, { write: false }, (line) => lines.push(line))
  return { code, text: lines.join('\n') }
}

it('a plugin that keeps what it promises is told so, with figures and what was not shown', async () => {
  const { code, text } = await check(folder)
  expect(text).toMatch(/^hum-plugin 1\.2\.3, with @kav\/core \d+\.\d+\.\d+ on Node\.js v/)
  expect(text).toMatch(/^tts: \d+ promises, \d+ kept, 0 broken, \d+ not shown$/m)
  expect(text).toMatch(/^ {2}kept {6} {1}speaks in every format/m)
  expect(text).toMatch(/^ {2}not shown {2}throws a `ProviderError` when speech is cut.*give createCut\)$/m)
  expect(text).toMatch(/^ {2}figure {5}time to ready: [\d.]+ ms$/m)
  expect(code).toBe(0)
}, 60_000)

it('a plugin that breaks a promise is told which, by which case, and what happened', async () => {
  const { code, text } = await check(join(folder, 'wrong.js'))
  expect(text).toMatch(/^ {2}broken {5}gives each sound once/m)
  expect(text).toMatch(/case: speech in every format.*\n +it says: expected \d+ to \d+ ms of mulaw\/8000/)
  expect(code).toBe(1)
}, 60_000)

it('a plugin that ends the process in a case breaks it, and gets its report', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'kav-check-'))
  await writeFile(
    join(dir, 'contract.mjs'),
    `let made = 0
    const create = () => (++made > 2 ? process.exit(0) : { produces: [], async *speak() {}, close: async () => {} })
    export default { kind: 'tts', options: { create, stepTimeoutMs: 500 }, close: () => new Promise(() => {}) }`,
  )
  const { code, text } = await check(dir)
  expect(text).toMatch(/it says: .*it called process\.exit\(0\)/)
  expect(text).toMatch(/^tts: close of the contract module: close: no answer within/m)
  expect(text).toMatch(/^result: \d+ broken$/m)
  expect(code).toBe(1)
}, 60_000)

it('a build that is older than its source is told first', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'kav-check-'))
  const write = async (path: string, text: string, atS: number) => {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), text)
    await utimes(join(dir, path), atS, atS)
  }
  await write('package.json', '{"type":"module","kav":{"contract":"./dist/test/contract.js"}}', 1000)
  await write('dist/test/contract.js', 'export default []', 2000)
  await write('src/index.ts', 'export {}', 1000)
  expect((await check(dir)).text).not.toContain('newer')
  await write('src/index.ts', 'export {}', 3000)
  expect((await check(dir)).text).toMatch(/^src is newer than dist: npm run build\n/)
  await write('dist/src/index.js', 'export {}', 4000)
  expect((await check(dir)).text).not.toContain('newer')
})

it('a folder without a suite is told what to write', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'kav-check-'))
  await expect(check(empty)).rejects.toMatchObject({
    code: 'KAV_PLUGIN_SUITE',
    message: expect.stringMatching(/has no contract\.js.*name it as "kav"/),
  })
  await writeFile(join(empty, 'contract.mjs'), 'export default { kind: "tts" }')
  await expect(check(empty)).rejects.toThrow(/its default export is not \{ kind, options/)
})

it('what was found is written into the package and read again, with a badge that is of one version', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'kav-check-'))
  const promise = { id: 'a', says: 'does it', at: 'TtsProvider.speak', cases: [] }
  const found: Conformance = {
    version: 1,
    plugin: { name: 'hum-plugin', version: '1.2.3' },
    core: '0.1.0',
    node: 'v20.0.0',
    suites: [
      {
        kind: 'tts',
        figures: [],
        promises: [
          { ...promise, state: 'kept' },
          { ...promise, state: 'not-shown' },
        ],
      },
    ],
  }
  expect(await readConformance(dir)).toBeUndefined()
  await writeConformance(dir, found)
  expect(await readConformance(dir)).toEqual(found)
  expect(badgeOf(found, '1.2.3')).toEqual({ text: 'tts 1/2', isGood: true })
  expect(badgeOf(found, '1.3.0')).toEqual({ text: 'tts 1/2 (of 1.2.3)', isGood: false })
  await writeFile(join(dir, 'conformance.json'), '{')
  expect(await readConformance(dir)).toBe('unreadable')
})
