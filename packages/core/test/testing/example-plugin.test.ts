import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { expect, it } from 'vitest'
import { createPluginLoader } from '../../src/host.ts'
import { testParams } from '../../src/testing/index.ts'

const folder = fileURLToPath(new URL('./example-plugin/', import.meta.url))
const guide = await readFile(new URL('../../../../docs/plugin-authoring.md', import.meta.url), 'utf8')

/** The code blocks of the guide that say they are this file. */
function blocksOf(name: string): string[] {
  return [...guide.matchAll(/```\w+ title="([^"]+)"\n([\s\S]*?)```/g)]
    .filter(([, title]) => title === name)
    .map(([, , code]) => code ?? '')
}

it.each(['acme-voice.js', 'acme-voice.contract.js'])('the guide shows %s as it is', async (name) => {
  expect(blocksOf(name)).toEqual([await readFile(`${folder}${name}`, 'utf8')])
})

it('the plugin loads from its path and takes the params of the guide', async () => {
  const { tts } = parse(blocksOf('front-desk.yaml')[0] ?? '') as { tts: { plugin: string; params: object } }
  const loader = createPluginLoader({ importModule: (specifier) => import(/* @vite-ignore */ specifier) })
  const loaded = await loader.load(tts.plugin, 'tts', folder)
  expect(loaded).toMatchObject({ ok: true, plugin: { name: 'acme-voice', kind: 'tts' } })
  if (!loaded.ok) return
  const { params } = loaded.plugin
  expect(testParams(params, tts.params)).toMatchObject(tts.params)
  expect(() => testParams(params, { ...tts.params, voize: 'x' })).toThrow(/additional properties/)
})

it('the plugin passes its contract suite under the test runner of Node.js', async () => {
  const run = promisify(execFile)(process.execPath, ['--test', 'acme-voice.contract.js'], { cwd: folder })
  const { stdout } = await run
  expect(stdout).toMatch(/^# pass 5[0-9]$/m)
  expect(stdout).toMatch(/^# fail 0$/m)
}, 60_000)
