import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testContext, testParams } from '@kav/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { locatePackage } from '../src/locate-package.ts'
import { aiSdkLlm } from '../src/llm.ts'
import { collect, createLlm } from './setup.ts'

const here = import.meta.dirname
const why = async (given: object) => {
  const llm = createLlm({ model: 'm', ...given }, testContext({ baseDir: here }))
  return collect(llm).then(
    () => 'it answered',
    (thrown: Error & { class?: string }) => `${thrown.class}: ${thrown.message}`,
  )
}

describe('a package that cannot be used is told with what to do', () => {
  it.each<[object, RegExp]>([
    [{ package: 'ai-sdk-of-nobody' }, /^bad-request: .*npm install ai-sdk-of-nobody/],
    [{ package: './models/none.mjs' }, /^bad-request: there is no file ".\/models\/none.mjs"; paths start/],
    [{ package: './models/broken.mjs' }, /^bad-request: .*failed while it was imported: it has no battery/],
    [{ package: './models/many.mjs' }, /^bad-request: .*has createOne, createOther; name the one/],
    [{ package: './models/many.mjs', factory: 'createThird' }, /^bad-request: .*has no function createThird/],
    [{ package: './models/many.mjs', factory: 'createOther' }, /^bad-request: .*v2, v3, v4 \(but v1\)/],
    [{ package: 'undici' }, /^bad-request: .*name the one that makes the provider|has no function create/],
  ])('%o', async (given, expected) => {
    expect(await why(given)).toMatch(expected)
  })

  it('and by kav validate, at the param', async () => {
    const check = (name: string) =>
      aiSdkLlm.checkFiles!(testParams(aiSdkLlm.params, { package: name, model: 'm' }), here)
    expect(await check('@ai-sdk/anthropic')).toEqual([])
    expect(await check('ai-sdk-of-nobody')).toMatchObject([{ severity: 'error', path: ['package'] }])
  })
})

describe("a package is found from the pipeline's folder", () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kav-ai-sdk-'))
    await mkdir(join(folder, 'pipelines'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it.each<[string, unknown]>([
    ['conditions', { '.': { types: './x.d.ts', import: { types: './y.d.ts', default: './main.js' } } }],
    ['sugar', './main.js'],
    ['conditions without a path', { require: './main.cjs', default: './main.js' }],
    ['a list', ['./main.js']],
    ['none, and main', undefined],
  ])('whatever its exports are: %s', async (name, exported) => {
    const root = join(folder, 'node_modules', '@own', name.replaceAll(' ', '-'))
    await mkdir(root, { recursive: true })
    const manifest = {
      name: '@own/x',
      ...(exported === undefined ? { main: './main.js' } : { exports: exported }),
    }
    await writeFile(join(root, 'package.json'), JSON.stringify(manifest))
    await writeFile(join(root, 'main.js'), '')
    const found = await locatePackage(`@own/${name.replaceAll(' ', '-')}`, join(folder, 'pipelines'))
    expect(found).toMatch(/node_modules\/@own\/[\w,-]+\/main\.js$/)
  })

  it('before the one that stands beside this plugin', async () => {
    const root = join(folder, 'node_modules', '@ai-sdk', 'anthropic')
    await mkdir(root, { recursive: true })
    await writeFile(join(root, 'package.json'), '{"exports":"./own.js"}')
    await writeFile(join(root, 'own.js'), '')
    expect(await locatePackage('@ai-sdk/anthropic', folder)).toMatch(/own\.js$/)
  })
})
