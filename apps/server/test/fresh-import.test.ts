import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'

const FRESH = new URL('../dist/dev/fresh-import.js', import.meta.url).href
const HOST = new URL('../../../packages/core/dist/host.js', import.meta.url).href
const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url))

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kav-fresh-'))))
afterEach(() => rmSync(dir, { recursive: true }))

/** Hooks of Node.js are for a whole process, so it is one of its own. */
function said(script: string): unknown {
  const code = `
    import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
    import { createFreshImport } from ${JSON.stringify(FRESH)}
    const { importModule } = createFreshImport()
    const write = (name, text) => writeFileSync(name, text)
    const read = async () => (await importModule(new URL('plugin.js', ${JSON.stringify(`file://${dir}/`)}).href, './plugin.js')).default
    const said = []
    ${script}
    console.log(JSON.stringify(said))`
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: dir, encoding: 'utf8' }),
  )
}

it('a file that is imported late is of the reading of its plugin, also when it has changed or is gone', () => {
  writeFileSync(join(dir, 'package.json'), '{"type":"module"}')
  writeFileSync(join(dir, 'plugin.js'), "export default async () => (await import('./engine.js')).engine\n")
  const found = said(`
    write('engine.js', "export const engine = 'old'")
    const old = await read()
    write('engine.js', "export const engine = 'new'")
    const [now, again] = await Promise.all([read(), read()])
    said.push(await old(), await now(), await again())
    write('engine.js', "export const engine = 'third'")
    const third = await read()
    rmSync('engine.js')
    said.push(await third())
    write('engine.js', "export const engine = 'old'")
    said.push(await (await read())())
  `)
  expect(found).toEqual(['old', 'new', 'new', 'third', 'old'])
})

it('what a plugin imports of its own is taken anew and is of its reading, however it names it', () => {
  const write = (name: string, text: string): void => writeFileSync(join(dir, name), text)
  write('package.json', '{"imports":{"#named":"./named.js"}}')
  write(
    'plugin.js',
    'import { extra } from "./extra.js?v=1"\n' +
      `
    import { createRequire } from 'node:module'
    const require = createRequire(import.meta.url)
    const { bare } = require('./bare')
    const { inner } = require('./lib')
    export default async () => [
      extra, bare, inner,
      (await import(/* late */ './late.js')).late,
      (await import(\`./ticks.js\`)).ticks,
      (await import(new URL('./whole.js', import.meta.url).href)).whole,
      (await import('#named')).named,
    ]`,
  )
  const found = said(`
    mkdirSync('lib')
    const all = (word) => {
      for (const name of ['extra', 'late', 'ticks', 'whole', 'named']) write(name + '.js', 'export const ' + name + ' = "' + word + '"')
      write('bare.js', 'exports.bare = "' + word + '"')
      write('lib/index.js', 'exports.inner = "' + word + '"')
    }
    all('old')
    const old = await read()
    all('new')
    const now = await read()
    said.push([...new Set(await old())], [...new Set(await now())])
    rmSync('extra.js')
    said.push(await read().catch((error) => error.message.slice(0, 18)))
  `)
  expect(found).toEqual([['old'], ['new'], 'Cannot find module'])
})

it('a name that package.json does not give is told as that', () => {
  const write = (name: string, text: string): void => writeFileSync(join(dir, name), text)
  write('package.json', '{"type":"module","imports":{"#other":"./other.js"}}')
  write('plugin.js', "export default async () => (await import('#engine')).engine\n")
  const found = said(`
    const engine = await read()
    said.push(await engine().catch((error) => error.code))
  `)
  expect(found).toEqual(['ERR_PACKAGE_IMPORT_NOT_DEFINED'])
})

it('what kept a plugin from being imported may be mended anywhere', () => {
  writeFileSync(join(dir, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(dir, 'plugin.js'),
    "import words from 'acme-words'\nif (process.env.KEY === undefined) throw new Error('no key')\nexport default words + process.env.KEY\n",
  )
  const found = said(`
    const failed = () => read().catch((error) => error.message.slice(0, 19))
    said.push(await failed())
    mkdirSync('node_modules/acme-words', { recursive: true })
    write('node_modules/acme-words/package.json', '{"type":"module","exports":"./words.js"}')
    write('node_modules/acme-words/words.js', 'export default "words "')
    said.push(await failed())
    process.env.KEY = 'first'
    said.push(await read())
    process.env.KEY = 'second'
    said.push(await read())
  `)
  expect(found).toEqual(['Cannot find package', 'no key', 'words first', 'words second'])
})

it('TypeScript that is imported late is of the reading of its plugin, too', () => {
  mkdirSync(join(dir, 'node_modules'))
  symlinkSync(MODULES + '/typescript', join(dir, 'node_modules/typescript'))
  writeFileSync(
    join(dir, 'plugin.ts'),
    "export default { kind: 'stt', name: 'typed', params: {} as object, create: async (): Promise<string> => (await import('./engine.ts')).engine }\n",
  )
  const found = said(`
    const { createPluginLoader } = await import(${JSON.stringify(HOST)})
    const create = async () => {
      const read = await createPluginLoader({ importModule }).loadAll('./plugin.ts', ${JSON.stringify(dir)})
      return read.ok ? read.plugins[0].create : () => read.message
    }
    write('engine.ts', "export const engine: string = 'old'")
    const old = await create()
    write('engine.ts', "export const engine: string = 'new'")
    const now = await create()
    said.push(await old(), await now())
    write('engine.ts', "export const engine: string = 'third'")
    const third = await create()
    rmSync('engine.ts')
    said.push(await third())
  `)
  expect(found).toEqual(['old', 'new', 'third'])
})
