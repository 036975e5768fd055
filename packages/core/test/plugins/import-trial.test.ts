import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createPluginLoader } from '../../src/plugins/index.ts'
import { createFakeClock } from '../../src/testing/index.ts'
import { DEFAULT } from './broken-plugins.ts'
import { nativeImport } from './native-import.ts'

let dir: string
beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'kav-trial-'))))
afterAll(() => rmSync(dir, { recursive: true }))

const begun = (name: string): string => join(dir, `${name}.begun`)

/** Loads a plugin of this text, ten seconds after its import has begun. */
async function loaded(name: string, text: string, known: readonly string[] = []) {
  const { clock, advance, pending } = createFakeClock()
  const mark = `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(begun(name))}, '')\n`
  writeFileSync(join(dir, `${name}.mjs`), `${mark}${text}`)
  const imported: string[] = []
  const loader = createPluginLoader({
    importModule(url) {
      imported.push(url)
      return nativeImport(url)
    },
    clock,
    trial: true,
    known,
  })
  const loading = loader.load(`./${name}.mjs`, 'llm', dir)
  while (!existsSync(begun(name))) await sleep(5)
  if (!text.startsWith('export')) {
    // A loop has to have run for its thread to be seen to be busy.
    await sleep(100)
    await advance(30_000)
  }
  const result = await loading
  return { result, imported, pending: pending() }
}

it('a loop without end at the top of a module is told, and never reaches this thread', async () => {
  const { result, imported, pending } = await loaded('endless', `while (true);\n${DEFAULT}`)
  expect(result).toMatchObject({
    ok: false,
    code: 'KAV_PLUGIN_IMPORT',
    message: `"./endless.mjs" was still computing after 30 s while it was imported (${join(dir, 'endless.mjs')}); importing a plugin must do nothing: look for a loop without end at the top of a module`,
  })
  expect(imported).toEqual([])
  expect(pending).toBe(0)
})

it('one that waits for ever is told as such', async () => {
  const { result } = await loaded(
    'waiting',
    `await new Promise(() => setInterval(() => {}, 1000))\n${DEFAULT}`,
  )
  expect(result).toMatchObject({
    ok: false,
    message: expect.stringMatching(/was still being imported after 30 s/),
  })
})

it('one that is whole is loaded, and leaves no timer', async () => {
  const { result, imported, pending } = await loaded('whole', DEFAULT)
  expect(result.ok).toBe(true)
  expect(imported).toEqual([pathToFileURL(join(dir, 'whole.mjs')).href])
  expect(pending).toBe(0)
})

it('what else is wrong is told by the import that counts', async () => {
  const { result } = await loaded('throwing', 'export const a = 1\nthrow new Error("no licence")\n')
  expect(result).toMatchObject({
    ok: false,
    message: expect.stringMatching(/no licence \(at .*throwing\.mjs:4/),
  })
})
