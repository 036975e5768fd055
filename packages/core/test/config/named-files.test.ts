import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Type } from '@sinclair/typebox'
import { afterAll, expect, it } from 'vitest'
import { loadPipeline } from '../../src/config/index.ts'
import { pathsIn, readNamedFiles } from '../../src/config/named-files.ts'
import { FIXTURE_ENV, kitLoader } from './kit-loader.ts'

const dir = mkdtempSync(join(tmpdir(), 'kav-named-'))
afterAll(() => rmSync(dir, { recursive: true }))

const path = Type.String({ format: 'file-path' })

it('finds the marked texts wherever a schema puts them, and nothing that is no path', () => {
  const schema = Type.Object({
    one: Type.Optional(path),
    plain: Type.Optional(Type.String()),
    either: Type.Optional(Type.Union([path, Type.Object({ inner: path })])),
    list: Type.Array(path),
    byName: Type.Record(Type.String(), path),
    open: Type.Object({}, { additionalProperties: path }),
  })
  const value = {
    one: 'a.wav',
    plain: 'no.wav',
    either: { inner: 'b.wav' },
    list: ['c.wav', 'a.wav', ''],
    byName: { key: 'd.json', text: '{"type": "service_account"}', long: `e${'w'.repeat(300)}` },
    open: { pem: '-----BEGIN PRIVATE KEY-----\n', one: 'e.pem' },
  }
  expect(pathsIn(schema, value)).toEqual(['a.wav', 'b.wav', 'c.wav', 'd.json', 'e.pem'])
  expect(pathsIn(schema, { either: 'f.wav', list: 'not a list', byName: null })).toEqual(['f.wav'])
  expect(pathsIn(schema, undefined)).toEqual([])
})

it('knows a file by its content, and one that is missing by its place', async () => {
  const digests = async () =>
    (await readNamedFiles(['key', 'none', '.'], dir)).map(({ digest }) => digest.slice(0, 8))
  writeFileSync(join(dir, 'key'), 'one')
  expect(await digests()).toEqual(['7692c3ad', '', ''])
  writeFileSync(join(dir, 'key'), 'two')
  expect(await digests()).toEqual(['3fc4ccfe', '', ''])
  expect((await readNamedFiles(['none'], dir))[0]!.path).toBe(join(dir, 'none'))
})

it('is told of a pipeline that is right and of one whose file is missing', async () => {
  const file = join(dir, 'pipeline.yaml')
  writeFileSync(
    file,
    `version: 1
name: named
transport: { plugin: "@kav/plugin-kit", params: { auth_token: "\${AUTH_TOKEN}" } }
stt: { plugin: "@kav/plugin-kit" }
llm: { plugin: "@kav/plugin-kit", params: { model: small } }
tts: { plugin: "@kav/plugin-kit" }
background: { file: office.wav }
`,
  )
  const result = await loadPipeline(file, { env: FIXTURE_ENV, loader: kitLoader })
  expect(result).toMatchObject({ ok: false, files: [{ path: join(dir, 'office.wav'), digest: '' }] })
})
