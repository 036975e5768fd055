import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createKavPlugin } from '../src/create-kav-plugin.ts'
import { type NewPluginOptions, newPlugin } from '../src/new-plugin.ts'
import { pluginFiles } from '../src/plugin-files.ts'
import { pluginNames } from '../src/plugin-names.ts'
import { LANGUAGES, TEMPLATE_KINDS } from '../src/template-kinds.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'kav-new-'))))
afterEach(() => rmSync(folder, { recursive: true }))

function said(options: NewPluginOptions): { code: number; text: string } {
  const lines: string[] = []
  const code = newPlugin(options, (line) => lines.push(line))
  return { code, text: lines.join('\n') }
}

describe('names of a new plugin', () => {
  it.each([
    ['my-stt', 'my-stt'],
    ['@acme/kav-plugin-talk', 'talk'],
    ['@acme/stt', 'acme-stt'],
    ['kav-stt', 'stt'],
    ['my.fast_stt', 'my-fast-stt'],
  ])('%s is called %s in logs', (packageName, short) => {
    expect(pluginNames(packageName, 'stt')).toEqual({ packageName, short })
  })

  it.each([
    ['My STT', 'write my-stt'],
    ['../stt', 'write stt'],
    ['@acme', 'write acme'],
    ['fs', 'it is taken; write kav-fs'],
    ['node:fs', 'write node-fs'],
    ['node_modules', 'write node-modules'],
    ['.stt', 'write stt'],
    ['_stt', 'write stt'],
    ['@Acme/Stt', 'write acme-stt'],
    ['@acme/', 'write acme'],
    ['@acme/stt/deep', 'write acme-stt-deep'],
    ['a'.repeat(215), 'it has more than 214 characters; write aaa'],
    ['3cx', 'has to begin with a letter; write kav-plugin-stt-3cx'],
  ])('%s is refused, with one that is right', (name, fix) => {
    expect(pluginNames(name, 'stt')).toContain(fix)
  })
})

describe('a new plugin', () => {
  it.each(TEMPLATE_KINDS.flatMap((kind) => LANGUAGES.map((language) => [kind, language] as const)))(
    'of kind %s in %s has no name of the template left',
    (kind, language) => {
      const names = { packageName: '@me/kav-fast', short: 'fast' }
      for (const { path, text } of pluginFiles({ ...names, kind, language, version: '1.2.3' }))
        expect(text.match(/acme.{0,20}|\ba-kind\b/i)?.[0], path).toBeUndefined()
    },
  )

  it.each(TEMPLATE_KINDS)(
    'of kind %s has every file beside it that its pipeline names, and no other',
    (kind) => {
      const names = { packageName: '@me/kav-fast', short: 'fast' }
      const files = pluginFiles({ ...names, kind, language: 'js', version: '1.2.3' })
      const pipeline = files.find(({ path }) => path === 'pipeline.yaml')!.text
      const named = [...pipeline.matchAll(/\.\/(\S+\.yaml)/g)].map(([, path]) => path)
      expect(named).toEqual(kind === 'llm' || kind === 'realtime' ? [] : ['script.yaml'])
      const scripts = files.filter(({ path }) => path === 'script.yaml').map(({ text }) => text)
      expect(scripts).toHaveLength(named.length)
      expect(scripts.join().includes('tool: opening_hours')).toBe(kind === 'tool')
      // npm puts it there, or above, as it likes.
      expect(pipeline).not.toContain('node_modules')
    },
  )

  it.each(['extra-kind-stt', '@me/a-kind', 'media-kind', 'acme-stt-2'])('may be called %s', (packageName) => {
    for (const kind of TEMPLATE_KINDS) {
      const names = pluginNames(packageName, kind)
      if (typeof names === 'string') throw new Error(names)
      const files = pluginFiles({ ...names, kind, language: 'js', version: '1.2.3' })
      const readme = files.find(({ path }) => path === 'README.md')!.text
      expect(readme.split('\n')[0]).toBe(`# ${packageName}`)
      const index = files.find(({ path }) => path === 'src/index.js')!.text
      expect(index).toContain(`name: '${names.short}'`)
      const { publishConfig } = JSON.parse(files.find(({ path }) => path === 'package.json')!.text)
      expect(publishConfig?.access).toBe(packageName.startsWith('@') ? 'public' : undefined)
    }
  })

  it.each([
    ['@kav/core', 'stt', 'write kav-plugin-core'],
    ['@kav/anything', 'llm', 'write kav-plugin-anything'],
    ['ws', 'transport', 'write kav-plugin-ws'],
    ['@types/ws', 'transport', 'write kav-plugin-ws'],
    ['typescript', 'tts', 'write kav-plugin-typescript'],
  ])('is not called %s, which a plugin of kind %s needs', (name, kind, fix) => {
    const { code, text } = said({ name, kind, dir: join(folder, 'inner') })
    expect(code).toBe(2)
    expect(text).toContain(fix)
  })

  it('is of the versions of this release', () => {
    said({ name: 'my-stt', kind: 'stt', dir: folder })
    const { peerDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
    expect(peerDependencies).toEqual({ '@kav/core': `^${version}` })
  })

  it.each(LANGUAGES)('in %s publishes what runs and what was found of it, and no double', (language) => {
    const names = { packageName: 'my-stt', short: 'my-stt' }
    const [manifest] = pluginFiles({ ...names, kind: 'stt', language, version: '1.2.3' })
    const { files } = JSON.parse(manifest!.text)
    expect(files).toEqual([...(language === 'ts' ? ['dist/src'] : []), 'src', 'conformance.json'])
  })

  it('is written into an empty folder, never into another, nor over a file', () => {
    const dir = join(folder, 'mine')
    mkdirSync(dir)
    expect(said({ name: 'my-stt', kind: 'stt', dir }).code).toBe(0)
    expect(said({ name: 'my-stt', kind: 'stt', dir })).toMatchObject({
      code: 2,
      text: expect.stringContaining('--dir'),
    })
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect(said({ name: 'my-stt', kind: 'stt', dir: file }).text).toContain('is a file')
  })

  it.each(['/proc/kav/deep', 'file/in'])('says of %s, where nothing can be written, what to do', (place) => {
    writeFileSync(join(folder, 'file'), '')
    const { code, text } = said({ name: 'my-stt', kind: 'stt', dir: resolve(folder, place) })
    expect(code).toBe(2)
    expect(text).toMatch(/cannot be written to \(.*\); choose another place with --dir$/)
  })

  it('needs a kind and a language that there are', () => {
    expect(said({ name: 'my-stt' }).text).toContain('--kind is missing')
    expect(said({ name: 'my-stt', kind: 'ttts' }).text).toContain('there is no such kind')
    expect(said({ name: 'my-stt', kind: 'stt', lang: 'coffee' }).text).toContain('write js or ts')
  })

  it('by npm create says where its options go', () => {
    const lines: string[] = []
    expect(createKavPlugin(['my-stt', 'stt'], (line) => lines.push(line))).toBe(2)
    expect(lines.join('\n')).toContain('behind "--"')
  })
})
