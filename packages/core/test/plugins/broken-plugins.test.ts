import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatProblems, loadPipeline } from '../../src/config/index.ts'
import { createPackageFinder, createPluginLoader, tryProviders } from '../../src/plugins/index.ts'
import { createFakeClock, testContext } from '../../src/testing/index.ts'
import { FIXTURE_ENV, kitLoader } from '../config/kit-loader.ts'
import { ABLE_PLUGINS } from './able-plugins.ts'
import { BROKEN_CREATES, BROKEN_PLUGINS, type BrokenPlugin } from './broken-plugins.ts'
import { nativeImport } from './native-import.ts'

const CORE = fileURLToPath(new URL('../../', import.meta.url)).slice(0, -1)
const { version } = JSON.parse(await readFile(`${CORE}/package.json`, 'utf8')) as { version: string }

let folder: string
let made = 0
beforeAll(async () => {
  // Folders have names with spaces, brackets and letters of any script.
  folder = await realpath(await mkdtemp(join(tmpdir(), 'kav plugins (ö)-')))
})
afterAll(() => rm(folder, { recursive: true }))

/** Lays out an operator's machine and loads its pipeline; a folder of its own for each, since modules are kept. */
async function load({ plugin, files }: BrokenPlugin) {
  const machine = join(folder, String(++made))
  const pipeline = `version: 1
name: front-desk
transport: { plugin: "@kav/plugin-kit", params: { auth_token: "\${AUTH_TOKEN}" } }
stt: { plugin: "@kav/plugin-kit" }
tts: { plugin: "@kav/plugin-kit" }
llm:
  plugin: "${plugin}"
`
  for (const [path, text] of Object.entries({ ...files, 'desk/front-desk.yaml': pipeline })) {
    await mkdir(dirname(join(machine, path)), { recursive: true })
    await writeFile(join(machine, path), text)
  }
  const time = createFakeClock()
  const find = createPackageFinder([join(machine, 'host')])
  const own = createPluginLoader({ importModule: nativeImport, findPackage: find, clock: time.clock })
  const loader = {
    ...own,
    load: (...asked: Parameters<typeof own.load>) => (asked[0] === plugin ? own : kitLoader).load(...asked),
  }
  const loading = loadPipeline(join(machine, 'desk/front-desk.yaml'), { env: FIXTURE_ENV, loader })
  if (files['desk/acme.mjs']?.includes('new Promise(')) {
    while (time.pending() === 0) await nextTurn()
    await time.advance(30_000)
  }
  const result = await loading
  // Where a machine lies, and which version this is, is no part of what is told.
  const plain = (text: string): string =>
    text.replaceAll(machine, '').replaceAll(CORE, '/core').replaceAll(version, 'VERSION')
  return { result, plain, pending: time.pending() }
}

describe('a plugin that cannot be loaded is told with its line, its place and what to do', () => {
  it.each(BROKEN_PLUGINS)('$what', async (broken) => {
    const { result, plain, pending } = await load(broken)
    expect(plain(formatProblems(result.ok ? result.warnings : result.problems))).toBe(
      `/desk/front-desk.yaml:7:11 llm.plugin: ${broken.problem}`,
    )
    expect(result.ok).toBe(false)
    expect(pending).toBe(0)
  })
})

describe('a plugin whose provider cannot be made is told before a call comes', () => {
  it.each(BROKEN_CREATES)('$what', async (broken) => {
    const { result, plain } = await load(broken)
    if (!result.ok) throw new Error(formatProblems(result.problems))
    const { refused } = await tryProviders(result.pipeline.stages, testContext())
    // The others are the kit's, whose providers are none either.
    const [own] = refused.filter(({ details }) => details['stage'] === 'llm')
    expect(own?.details['path']).toEqual(['llm'])
    expect(plain(own?.message ?? '')).toBe(broken.problem)
  })
})

describe('a plugin that is whole is loaded', () => {
  it.each(ABLE_PLUGINS)('$what', async (able) => {
    const { result, plain } = await load(able)
    if (!result.ok) throw new Error(formatProblems(result.problems))
    expect(result.pipeline.stages.llm[0]?.plugin.name).toBe('acme')
    const warned = able.problem === '' ? '' : `/desk/front-desk.yaml:7:11 ${able.problem}`
    expect(plain(formatProblems(result.warnings))).toBe(warned)
  })
})

describe('while a plugin is imported', () => {
  it('whoever else ends the process does, and the plugin may not have its name stay', async () => {
    const { exit } = process
    const { result } = await load(BROKEN_PLUGINS.find(({ what }) => what.includes('ends the process'))!)
    expect(result.ok).toBe(false)
    expect(process.exit).toBe(exit)
  })
})
