import { Ajv } from 'ajv'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { pipelineJsonSchema } from '../../src/config/index.ts'
import type { AnyPlugin } from '../../src/contracts/index.ts'
import { kitLoader } from './kit-loader.ts'

const GOOD = fileURLToPath(new URL('./good/', import.meta.url))

let schema: Record<string, unknown>
let accepts: (value: unknown) => boolean

beforeAll(async () => {
  const loaded = await kitLoader.loadAll('@kav/plugin-kit', '/')
  const plugins: readonly AnyPlugin[] = loaded.ok ? loaded.plugins : []
  schema = pipelineJsonSchema([{ name: '@kav/plugin-kit', plugins }])
  const validate = new Ajv({
    strict: true,
    strictTypes: false,
    allowUnionTypes: true,
    formats: { uri: true, 'file-path': true },
  }).compile(schema)
  accepts = (value) => validate(value)
})

const minimal = {
  version: 1,
  name: 'a',
  transport: { plugin: '@kav/plugin-kit', params: { auth_token: '12345678' } },
  stt: { plugin: '@kav/plugin-kit' },
  llm: { plugin: '@kav/plugin-kit', params: { model: 'small' } },
  tts: { plugin: '@kav/plugin-kit' },
}

describe('the schema for editors', () => {
  it.each(readdirSync(GOOD).filter((name) => name.endsWith('.yaml')))('accepts good/%s', (name) => {
    expect(accepts(parse(readFileSync(`${GOOD}${name}`, 'utf8')))).toBe(true)
  })

  it.each([
    ['an unknown stage', { ...minimal, recrod: {} }],
    ['realtime beside other stages', { ...minimal, realtime: { plugin: '@kav/plugin-kit' } }],
    ['neither stt nor realtime', { version: 1, name: 'a', transport: minimal.transport }],
    [
      'an unknown param of the chosen plugin',
      { ...minimal, stt: { plugin: '@kav/plugin-kit', params: { langauge: 'x' } } },
    ],
    ['a wrong enum', { ...minimal, stt: { plugin: '@kav/plugin-kit', params: { region: 'mars' } } }],
    ['a core number out of range', { ...minimal, stt: { plugin: 'any', params: { BATCH_MS: 500 } } }],
    [
      'a core number in a fallback',
      {
        ...minimal,
        stt: { plugin: 'any', fallback: [{ plugin: '@kav/plugin-kit', params: { BATCH_MS: 40 } }] },
      },
    ],
    ['a first-party plugin that does not exist', { ...minimal, tts: { plugin: '@kav/plugin-kitt' } }],
    ['a plugin of another kind in a stage', { ...minimal, tts: { plugin: 1 } }],
    ['missing params', { ...minimal, llm: { plugin: '@kav/plugin-kit' } }],
    ['a misspelled vad', { ...minimal, vad: 'of' }],
  ])('refuses %s', (_, value) => {
    expect(accepts(minimal)).toBe(true)
    expect(accepts(value)).toBe(false)
  })

  it('lets a variable stand for every scalar', () => {
    const place = '${X}'
    const full = {
      ...minimal,
      version: place,
      name: place,
      'rx-queue': { maxsize: place, CATCHUP_RATE: place, RESYNC_MS: place },
      stt: {
        plugin: '@kav/plugin-kit',
        params: {
          BATCH_MS: place,
          TIMEOUT_MS: place,
          region: place,
          use_enhanced: place,
          sample_rate: place,
        },
      },
      tts: { plugin: place },
      vad: place,
      conversation: { language: place, barge_in: { mode: place, min_speech_ms: place }, max_call_ms: place },
      record: { audio: place },
    }
    expect(accepts(full)).toBe(true)
  })

  it('completes plugin names and tells the description and default of params', () => {
    const text = JSON.stringify(schema)
    expect(text).toContain('"enum":["@kav/plugin-kit"]')
    expect(text).toContain('"description":"How free the answers are.","default":0.3')
    expect(text).toContain('"description":"Audio per STT write.","default":40')
  })

  it('is the same for the same plugins, in whichever order they come', async () => {
    const loaded = await kitLoader.loadAll('@kav/plugin-kit', '/')
    const plugins: readonly AnyPlugin[] = loaded.ok ? loaded.plugins : []
    const a = { name: '@kav/plugin-kit', plugins }
    const b = { name: 'another', plugins: plugins.slice(1) }
    expect(JSON.stringify(pipelineJsonSchema([a, b]))).toBe(JSON.stringify(pipelineJsonSchema([b, a])))
  })
})
