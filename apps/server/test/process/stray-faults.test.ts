import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { plugins } from '../../src/commands/plugins.ts'
import { schema } from '../../src/commands/schema.ts'
import { validate } from '../../src/commands/validate.ts'
import { catchStrayFaults, type StrayFaults, strayLine } from '../../src/process/stray-faults.ts'

const CREATES = '() => ({ async *reply() {}, async close() {} })'
const model = (head: string, create = CREATES): string =>
  `${head}
export default { kind: 'llm', name: 'model', description: 'One\\nline.${'x'.repeat(1_000)}', params: { type: 'object', properties: {} }, create: ${create} }\n`

const pipeline = (plugin: string): string => `version: 1
name: desk
transport: { plugin: "@kav/plugin-twilio", params: { validate_signature: false, public_url: "https://x.example" } }
stt: { plugin: "@kav/plugin-local", params: { hints: [a table] } }
llm: { plugin: ${plugin} }
tts: { plugin: "@kav/plugin-local" }
`
const manifest = (name: string): string =>
  JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js', keywords: ['kav-plugin'] })

const FILES: Readonly<Record<string, string>> = {
  'a-import.mjs': model("const voices = Promise.reject(new Error('voices are down'))"),
  'b-create.mjs': model('', `() => { setTimeout(() => { throw new Error('late') }); return (${CREATES})() }`),
  'c-right.mjs': model(''),
  'd-import.mjs': model("Promise.reject(new Error('late reject'))"),
  'a.yaml': pipeline('./a-import.mjs'),
  'b.yaml': pipeline('./b-create.mjs'),
  'c.yaml': pipeline('./c-right.mjs'),
  'd.yaml': pipeline('./d-import.mjs'),
  'package.json': JSON.stringify({ dependencies: { 'kav-late': '1', 'kav-right': '1' } }),
  'node_modules/kav-late/package.json': manifest('kav-late'),
  'node_modules/kav-late/index.js': model("Promise.reject(new Error('late reject'))"),
  'node_modules/kav-right/package.json': manifest('kav-right'),
  'node_modules/kav-right/index.js': model(''),
}

const KINDS = ['unhandledRejection', 'uncaughtException'] as const
const runner = KINDS.map((kind) => process.rawListeners(kind) as (() => void)[])
const cwd = process.cwd()
let folder: string
let strays: StrayFaults
let lines: string[]
const print = (line: string): void => void lines.push(...line.replaceAll(`${folder}/`, '').split('\n'))

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'kav-stray-')))
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  process.chdir(folder)
})
afterAll(() => {
  process.chdir(cwd)
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  lines = []
  // Those of the test runner are not to hear of it.
  for (const kind of KINDS) process.removeAllListeners(kind)
  strays = catchStrayFaults()
})
afterEach(() => {
  strays.end()
  KINDS.forEach((kind, index) => runner[index]!.forEach((listener) => process.on(kind, listener)))
})

it('kav validate tells them at the line that names the plugin, and goes on with the other files', async () => {
  const files = ['a', 'b', 'c'].map((name) => join(folder, `${name}.yaml`))
  expect(await validate(files, {}, {}, print, strays)).toBe(2)
  const [imported, made, ...others] = lines.filter((line) => !line.includes('warning'))
  expect(imported).toMatch(
    /^a\.yaml:5:\d+ llm\.plugin: plugin "\.\/a-import\.mjs": while it was imported, a promise was rejected and nobody handled it: voices are down \(at a-import\.mjs:1:\d+\); /,
  )
  expect(made).toMatch(
    /^b\.yaml:5:\d+ llm\.plugin: plugin "\.\/b-create\.mjs": once its provider was made, an error was thrown out of a timer or an event handler: late \(at b-create\.mjs:2:\d+\); /,
  )
  expect(others).toEqual(['2 of 3 file(s) cannot be used'])
  expect(lines).toContainEqual(expect.stringMatching(/^c\.yaml: ok/))
  expect(strays.rest()).toEqual([])
})

it('kav plugins lists the others, each in a line of some length', async () => {
  expect(await plugins(undefined, {}, print, strays)).toBe(0)
  expect(lines.filter((line) => line.startsWith('kav-'))).toEqual([
    expect.stringMatching(
      /^kav-late 1\.0\.0 {2}cannot be used: plugin "kav-late": a promise was rejected .* late reject \(at .*index\.js:1:\d+\)$/,
    ),
    expect.stringMatching(/^kav-right 1\.0\.0 +llm {7}model {11}One line\.x{50,200}…$/),
  ])
})

it('kav schema leaves out that one alone', async () => {
  const warned: string[] = []
  expect(await schema([join(folder, 'd.yaml')], print, (line) => void warned.push(line), strays)).toBe(0)
  expect(warned).toEqual([
    expect.stringContaining('left out: plugin "./d-import.mjs": a promise was rejected'),
  ])
  const text = JSON.stringify(JSON.parse(lines.join('\n')))
  expect(text).toContain('kav-right')
  expect(text).not.toContain('d-import')
})

it('what nobody has asked for is told once', () => {
  process.emit('unhandledRejection', 'a text', Promise.resolve())
  expect(strays.rest().map(strayLine)).toEqual(['a promise was rejected and nobody handled it: a text'])
  expect(strays.rest()).toEqual([])
})
