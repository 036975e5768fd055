import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plugins } from '../src/commands/plugins.ts'
import { schema } from '../src/commands/schema.ts'
import { validate } from '../src/commands/validate.ts'

const plugin = (kind: string, name: string, more = ''): string =>
  `export default { kind: '${kind}', name: '${name}', description: 'Made by Acme.', ${more}
    params: { type: 'object', required: ['voice'], properties: { voice: { type: 'string', description: 'Who speaks.' } } },
    create() { throw new Error('no licence for ' + arguments[0].voice) } }\n`

const manifest = (name: string, more: object): string =>
  JSON.stringify({ name, version: '2.3.4', type: 'module', exports: './index.js', ...more })

const odd = (params: string): string =>
  `const params = ${params}
  export default { kind: 'tts', name: 'odd', description: 'Odd.', params, create() {} }\n`

/** Packages that would keep all others from being listed. */
const ODD: Readonly<Record<string, string>> = {
  'odd-circle': odd("{ type: 'object', properties: {} }; params.properties.me = params"),
  'odd-depth': odd(
    "(() => { let s = { type: 'string' }; for (let i = 0; i < 20000; i++) s = { type: 'object', properties: { a: s } }; return s })()",
  ),
  'odd-proxy': odd("new Proxy({ type: 'object' }, { ownKeys() { throw new Error('trap') } })"),
  'odd-parts': odd("{ type: 'object', allOf: 5, properties: { a: null } }"),
  'odd-kind': `export default { kind: { toString: 5 }, name: 'odd', params: { type: 'object' }, create() {} }\n`,
}
const ODD_CONFORMANCE = {
  version: 1,
  plugin: { version: '2.3.4' },
  suites: [null, { kind: 5, promises: 'x' }],
}

/** An operator's project: `desk/`, with packages that hold plugins, help them, or have nothing to do with them. */
const FILES: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    dependencies: {
      ...Object.fromEntries(Object.keys(ODD).map((name) => [name, '2'])),
      'acme-voice': '2',
      'acme-peer': '2',
      'acme-help': '2',
      'left-out': '1',
    },
    devDependencies: { 'acme-broken': '2' },
  }),
  'node_modules/acme-voice/package.json': manifest('acme-voice', { keywords: ['kav-plugin'] }),
  'node_modules/acme-voice/index.js': plugin('tts', 'acme', 'liveCheck() {},'),
  'node_modules/acme-voice/conformance.json': JSON.stringify({
    version: 1,
    plugin: { name: 'acme-voice', version: '2.3.4' },
    suites: [{ kind: 'tts', figures: [], promises: [{ state: 'kept' }, { state: 'broken' }] }],
  }),
  'node_modules/acme-peer/package.json': manifest('acme-peer', { peerDependencies: { '@kav/core': '*' } }),
  'node_modules/acme-peer/index.js': plugin('llm', 'acme-mind'),
  'node_modules/acme-help/package.json': manifest('acme-help', { peerDependencies: { '@kav/core': '*' } }),
  'node_modules/acme-help/index.js': 'export const help = 1\n',
  'node_modules/acme-broken/package.json': manifest('acme-broken', { keywords: ['kav-plugin'] }),
  ...Object.fromEntries(
    Object.entries(ODD).flatMap(([name, text]) => [
      [`node_modules/${name}/package.json`, manifest(name, { keywords: ['kav-plugin'] })],
      [`node_modules/${name}/index.js`, text],
    ]),
  ),
  'node_modules/acme-peer/conformance.json': JSON.stringify(ODD_CONFORMANCE),
  'node_modules/left-out/package.json': manifest('left-out', {}),
  'node_modules/left-out/index.js': plugin('tts', 'left-out'),
  'node_modules/unlisted/package.json': manifest('unlisted', { keywords: ['kav-plugin'] }),
  'node_modules/unlisted/index.js': plugin('tts', 'unlisted'),
  'desk/own-voice.mjs': plugin('tts', 'own-voice'),
  'desk/front-desk.yaml': `version: 1
name: front-desk
transport: { plugin: "@kav/plugin-twilio", params: { validate_signature: false, public_url: "https://x.example" } }
stt: { plugin: "@kav/plugin-local" }
llm: { plugin: "@kav/plugin-openai", params: { base_url: "http://127.0.0.1:9/v1" } }
tts:
  plugin: ./own-voice.mjs
  params: { voice: anna }
`,
}

let folder: string
let pipeline: string
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'kav-desk-')))
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  pipeline = join(folder, 'desk/front-desk.yaml')
})
afterAll(() => rmSync(folder, { recursive: true }))

async function listed(name?: string, options: { schema?: boolean } = {}) {
  const lines: string[] = []
  const exitCode = await plugins(name, { ...options, pipeline }, (line) => lines.push(line))
  return { exitCode, text: lines.join('\n').replaceAll(folder, '') }
}

describe('kav plugins', () => {
  it('lists what the operator has installed beside what the server came with', async () => {
    const { exitCode, text } = await listed()
    expect(exitCode).toBe(0)
    expect(text).toMatch(/^acme-voice 2\.3\.4 +tts +acme +Made by Acme\./m)
    expect(text).toMatch(/^acme-peer 2\.3\.4 +llm +acme-mind/m)
    expect(text).toContain('✘ promises kept: tts 1/2')
    expect(text).toContain(
      'acme-broken 2.3.4  cannot be used: "acme-broken" cannot be imported: /node_modules/acme-broken/index.js, its entry, is not there; build the package',
    )
    expect(text).toMatch(/@kav\/plugin-local \S+ +vad /)
    expect(text).not.toMatch(/acme-help|left-out|unlisted/)
  })

  it('tells of each that is odd what is wrong with it, and lists the others', async () => {
    const { text } = await listed()
    const odd = 'cannot be used: plugin "odd" states its params in a schema that cannot be used:'
    expect(text.split('\n').filter((line) => line.startsWith('odd'))).toEqual([
      `odd-circle 2.3.4  ${odd} what stands at /properties/me holds itself; refer to it by "$ref" and "$defs" (in /node_modules/odd-circle/index.js)`,
      `odd-depth 2.3.4  ${odd} it is more than 64 levels deep; make it flatter (in /node_modules/odd-depth/index.js)`,
      expect.stringContaining(
        'odd-kind 2.3.4  cannot be used: "odd-kind" is not a Kav plugin: its default export has no "kind" of',
      ),
      expect.stringMatching(/^odd-parts 2\.3\.4 +tts +odd +Odd\.$/),
      `odd-proxy 2.3.4  ${odd} it is a Proxy; write it as a plain object (in /node_modules/odd-proxy/index.js)`,
    ])
    expect(text).toContain(
      '✘ its conformance.json is not one that kav plugin check writes; run kav plugin check /node_modules/acme-peer again',
    )
  })

  it('tells what one of them can, and takes', async () => {
    const { exitCode, text } = await listed('acme-voice')
    expect(exitCode).toBe(0)
    expect(text).toContain('it can: ask its provider (--live)')
    expect(text).toContain('| `voice` | text | required | Who speaks. |')
  })

  it('takes one by its path', async () => {
    expect((await listed('./own-voice.mjs')).text).toContain('own-voice')
    expect(await listed('./no-voice.mjs')).toMatchObject({ exitCode: 2 })
  })

  it('prints the schema of its params', async () => {
    const { text } = await listed('acme-voice', { schema: true })
    expect(JSON.parse(text)).toMatchObject({ required: ['voice'], additionalProperties: false })
  })
})

describe('kav schema', () => {
  it('knows the params of every plugin that a pipeline here can name, and of those it names by path', async () => {
    const lines: string[] = []
    const left: string[] = []
    await schema(
      [pipeline],
      (line) => lines.push(line),
      (line) => left.push(line),
    )
    const { properties } = JSON.parse(lines.join('')) as {
      properties: Record<'tts' | 'llm', { allOf: { if: object; then: { properties: { params: object } } }[] }>
    }
    const paramsOf = (name: string): object | undefined =>
      properties.tts.allOf.find((choice) => JSON.stringify(choice.if).includes(`"const":"${name}"`))?.then
        .properties.params
    const closed = { additionalProperties: false, required: ['voice'] }
    for (const name of ['acme-voice', './own-voice.mjs']) expect(paramsOf(name)).toMatchObject(closed)
    expect(paramsOf('@kav/plugin-local')).toMatchObject({ additionalProperties: false })
    expect(paramsOf('unlisted')).toBeUndefined()
    expect(left).toEqual([
      expect.stringContaining('"acme-broken" cannot be imported'),
      expect.stringContaining('/properties/me holds itself'),
      expect.stringContaining('64 levels deep'),
      expect.stringContaining('"odd-kind" is not a Kav plugin'),
      expect.stringContaining('it is a Proxy'),
      expect.stringContaining('the params of "odd-parts" are no JSON Schema'),
    ])
  })
})

describe('kav validate', () => {
  it('tells with its line that a provider could not be made', async () => {
    const lines: string[] = []
    expect(await validate([pipeline], {}, {}, (line) => lines.push(line))).toBe(2)
    expect(lines.join('\n').replaceAll(folder, '')).toContain(
      '/desk/front-desk.yaml:7:11 tts.plugin: plugin "own-voice" (./own-voice.mjs) could not be made: no licence for anna (at /desk/own-voice.mjs:3:22)',
    )
  })
})
