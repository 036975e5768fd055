import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createSampleEncoder } from '../../src/audio/convert.ts'
import { writeWav } from '../../src/audio/wav.ts'
import { loadPipeline } from '../../src/config/index.ts'
import { FIXTURE_ENV, kitLoader } from './kit-loader.ts'

const dir = mkdtempSync(join(tmpdir(), 'kav-background-'))
afterAll(() => rmSync(dir, { recursive: true }))

async function load(background: string) {
  const pipeline = `version: 1
name: office
transport: { plugin: "@kav/plugin-kit", params: { auth_token: "\${AUTH_TOKEN}" } }
stt: { plugin: "@kav/plugin-kit" }
llm: { plugin: "@kav/plugin-kit", params: { model: small } }
tts: { plugin: "@kav/plugin-kit" }
${background}
`
  writeFileSync(join(dir, 'pipeline.yaml'), pipeline)
  return loadPipeline(join(dir, 'pipeline.yaml'), { env: FIXTURE_ENV, loader: kitLoader })
}

function sound(seconds: number, peak = 8000, sampleRateHz = 16_000): void {
  const samples = Int16Array.from({ length: seconds * sampleRateHz }, (_, at) =>
    Math.round(peak * Math.sin((2 * Math.PI * 300 * at) / sampleRateHz)),
  )
  const format = { encoding: 'linear16', sampleRateHz } as const
  writeFileSync(join(dir, 'office.wav'), writeWav(format, 1, createSampleEncoder(format)(samples)))
}

describe('the background of a pipeline', () => {
  it.each([-20, -40])('is read, converted once for all calls, and %d dB loud', async (level) => {
    sound(3)
    const result = await load(`background: { file: office.wav, level: ${level} }`)
    const { background } = result.ok ? result.pipeline : expect.fail(JSON.stringify(result.problems))
    const loop = background!.loop(8000)
    expect(background!.loop(8000)).toBe(loop)
    expect(Math.abs(loop.length - 8000 * 2.75)).toBeLessThan(40)
    const rms = Math.sqrt(loop.reduce((sum, sample) => sum + sample * sample, 0) / loop.length)
    expect(Math.abs(20 * Math.log10(rms / (32_767 / Math.SQRT2)) - level)).toBeLessThan(1)
  })

  it('is absent where the file names none', async () => {
    const result = await load('')
    expect(result.ok && result.pipeline.background).toBeUndefined()
  })

  it.each<[string, () => void, string, string, RegExp]>([
    ['missing', () => sound(3), '{ file: nowhere.wav }', 'file', /no such file/],
    ['no WAV', () => sound(3), '{ file: pipeline.yaml }', 'file', /does not begin with RIFF/],
    ['too long', () => sound(61), '{ file: office.wav }', 'file', /61000 ms; .*at most 60 seconds/],
    ['too short', () => sound(1), '{ file: office.wav }', 'file', /1000 ms, and would be heard as a beat/],
    ['silent', () => sound(3, 30), '{ file: office.wav }', 'file', /is silent; name another sound/],
    ['too loud', () => sound(3), '{ file: office.wav, level: 0 }', 'level', /-12/],
    ['no number', () => sound(3), '{ file: office.wav, level: soft }', 'level', /number/],
  ])('that is %s is told, with its place', async (_name, prepare, written, field, expected) => {
    prepare()
    const result = await load(`background: ${written}`)
    const problems = result.ok ? [] : result.problems
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ line: 7, path: `background.${field}` })
    expect(problems[0]!.message).toMatch(expected)
  })
})

describe('comfort noise', () => {
  it('is a background of its own, as loud as is said', async () => {
    const result = await load('comfort_noise: -55')
    const { background } = result.ok ? result.pipeline : expect.fail(JSON.stringify(result.problems))
    const loop = background!.loop(8000)
    expect(background!.loop(8000)).toBe(loop)
    const rms = Math.sqrt(loop.reduce((sum, sample) => sum + sample * sample, 0) / loop.length)
    expect(Math.abs(20 * Math.log10(rms / 32_767) + 55)).toBeLessThan(1)
  })

  it('does not stand beside a background, and has bounds', async () => {
    sound(3)
    const both = await load('background: { file: office.wav }\ncomfort_noise: -55')
    expect(both.ok ? [] : both.problems).toMatchObject([{ line: 8, path: 'comfort_noise' }])
    const loud = await load('comfort_noise: -10')
    expect(loud.ok ? [] : loud.problems).toMatchObject([{ line: 7, path: 'comfort_noise' }])
  })
})
