import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createPluginLoader } from '../../src/plugins/index.ts'
import { nativeImport } from './native-import.ts'

const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url))

const loader = createPluginLoader({ importModule: nativeImport, known: ['@kav/plugin-local'] })

async function faultOf(name: string, kind: 'llm' | 'stt' = 'llm', baseDir = FIXTURES) {
  const result = await loader.load(name, kind, baseDir)
  return result.ok ? 'loaded' : { code: result.code, message: result.message }
}

describe('the plugin loader', () => {
  it('loads a local file whose path starts at the folder of the pipeline file', async () => {
    const result = await loader.load('./one-llm.mjs', 'llm', FIXTURES)
    expect(result.ok && result.plugin.name).toBe('one-llm')
    const fromAbove = await loader.load(
      './fixtures/one-llm.mjs',
      'llm',
      fileURLToPath(new URL('.', import.meta.url)),
    )
    expect(fromAbove.ok && fromAbove.plugin.name).toBe('one-llm')
  })

  it('loads an absolute path', async () => {
    const result = await loader.load(`${FIXTURES}one-llm.mjs`, 'llm', '/')
    expect(result.ok).toBe(true)
  })

  it('takes the plugin of the kind asked for from a package with several', async () => {
    for (const kind of ['transport', 'stt', 'llm', 'tts', 'vad'] as const) {
      const result = await loader.load('./voice-kit.mjs', kind, FIXTURES)
      expect(result.ok && result.plugin.kind).toBe(kind)
    }
  })

  it('lists all plugins of a package', async () => {
    const result = await loader.loadAll('./voice-kit.mjs', FIXTURES)
    expect(result.ok && result.plugins.map((plugin) => plugin.name)).toEqual([
      'kit-phone',
      'kit-stt',
      'kit-llm',
      'kit-tts',
      'kit-vad',
      'kit-realtime',
      'kit-denoise',
    ])
  })

  it('imports a module once, and a failed one again', async () => {
    const asked: string[] = []
    const counting = createPluginLoader({
      importModule: (url) => {
        asked.push(basename(url))
        return asked.length === 1 ? Promise.reject(new Error('busy')) : nativeImport(url)
      },
    })
    expect((await counting.load('./one-llm.mjs', 'llm', FIXTURES)).ok).toBe(false)
    expect((await counting.load('./one-llm.mjs', 'llm', FIXTURES)).ok).toBe(true)
    expect((await counting.load('./one-llm.mjs', 'llm', FIXTURES)).ok).toBe(true)
    expect(asked).toEqual(['one-llm.mjs', 'one-llm.mjs'])
  })

  it('says how to install a package that is not there', async () => {
    expect(await faultOf('@kav/plugin-locl')).toEqual({
      code: 'KAV_PLUGIN_NOT_FOUND',
      message:
        '"@kav/plugin-locl" is not installed; did you mean "@kav/plugin-local"? Otherwise run: npm install @kav/plugin-locl',
    })
    expect(await faultOf('surely-not-there/sub/path.js')).toMatchObject({
      message: '"surely-not-there/sub/path.js" is not installed; run: npm install surely-not-there',
    })
  })

  it('tells a missing dependency of a plugin from a missing plugin', async () => {
    const fault = await faultOf('./missing-dependency.mjs')
    expect(fault).toMatchObject({ code: 'KAV_PLUGIN_IMPORT' })
    expect(JSON.stringify(fault)).toContain('a-package-that-is-not-there')
  })

  it.each([
    [
      './throws-on-import.mjs',
      'KAV_PLUGIN_IMPORT',
      'failed while it was imported: the licence file is missing',
    ],
    ['./no-default.mjs', 'KAV_PLUGIN_EXPORT', 'has no default export'],
    ['./wrong-shape.mjs', 'KAV_PLUGIN_EXPORT', 'has no "kind" of transport'],
    ['./empty-array.mjs', 'KAV_PLUGIN_EXPORT', 'exports an empty array'],
    ['./two-of-a-kind.mjs', 'KAV_PLUGIN_EXPORT', 'exports two plugins of kind "llm"'],
    ['./not-there.mjs', 'KAV_PLUGIN_NOT_FOUND', 'there is no file'],
    ['../fixtures', 'KAV_PLUGIN_NAME', 'must name a .js, .mjs, .cjs or .ts file'],
    ['my-plugin.js', 'KAV_PLUGIN_NAME', 'write "./my-plugin.js"'],
    ['node:fs', 'KAV_PLUGIN_NAME', 'neither an npm package name nor a path'],
    ['data:text/javascript,export default 1', 'KAV_PLUGIN_NAME', 'neither an npm package name nor a path'],
    ['http://example.com/x', 'KAV_PLUGIN_NAME', 'neither an npm package name nor a path'],
    ['@kav', 'KAV_PLUGIN_NAME', 'neither an npm package name nor a path'],
  ])('refuses %s with %s', async (name, code, text) => {
    const fault = await faultOf(name)
    expect(fault).toMatchObject({ code })
    expect(JSON.stringify(fault).replaceAll('\\"', '"')).toContain(text)
  })

  it('names what a package provides when it lacks the kind', async () => {
    expect(await faultOf('./one-llm.mjs', 'stt')).toEqual({
      code: 'KAV_PLUGIN_KIND',
      message: '"./one-llm.mjs" has no stt plugin; it provides llm',
    })
  })
})
