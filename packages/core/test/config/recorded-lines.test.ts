import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { AudioFormat } from '../../src/contracts/index.ts'
import { createSampleEncoder } from '../../src/audio/convert.ts'
import { writeWav } from '../../src/audio/wav.ts'
import { loadPipeline } from '../../src/config/index.ts'
import { FIXTURE_ENV, kitLoader } from './kit-loader.ts'

const dir = mkdtempSync(join(tmpdir(), 'kav-lines-'))
afterAll(() => rmSync(dir, { recursive: true }))

const TEXT = 'We have a technical problem.'

async function load(bytes: Uint8Array | undefined, file = 'line.wav') {
  if (bytes) writeFileSync(join(dir, 'line.wav'), bytes)
  const pipeline = `version: 1
name: lines
transport: { plugin: "@kav/plugin-kit", params: { auth_token: "\${AUTH_TOKEN}" } }
stt: { plugin: "@kav/plugin-kit" }
llm: { plugin: "@kav/plugin-kit", params: { model: small } }
tts: { plugin: "@kav/plugin-kit" }
conversation:
  recorded_line:
    file: ${file}
    text: ${TEXT}
`
  writeFileSync(join(dir, 'pipeline.yaml'), pipeline)
  return loadPipeline(join(dir, 'pipeline.yaml'), { env: FIXTURE_ENV, loader: kitLoader })
}

/** What the operator reads of it, without the place. */
async function problem(bytes: Uint8Array | undefined, file?: string): Promise<string> {
  const result = await load(bytes, file)
  if (result.ok) return ''
  expect(result.problems).toHaveLength(1)
  const [{ line, column, path, message }] = result.problems as [(typeof result.problems)[number]]
  expect({ line, column, path }).toEqual({ line: 9, column: 11, path: 'conversation.recorded_line.file' })
  return message
}

/** One tone a channel, `seconds` long. */
function wav(format: AudioFormat, peaks: readonly number[], seconds = 1): Uint8Array {
  const count = Math.round(seconds * format.sampleRateHz)
  const samples = new Int16Array(count * peaks.length)
  for (let i = 0; i < samples.length; i++) {
    const phase = (2 * Math.PI * 300 * Math.floor(i / peaks.length)) / format.sampleRateHz
    samples[i] = Math.round(peaks[i % peaks.length]! * Math.sin(phase))
  }
  return writeWav(format, peaks.length, createSampleEncoder(format)(samples).slice())
}

const LINEAR = { encoding: 'linear16', sampleRateHz: 16_000 } as const

describe('a recorded line', () => {
  it.each<[string, AudioFormat, readonly number[]]>([
    ['16-bit PCM', LINEAR, [8000]],
    ['mu-law', { encoding: 'mulaw', sampleRateHz: 8000 }, [8000]],
    ['A-law', { encoding: 'alaw', sampleRateHz: 8000 }, [8000]],
    ['stereo, mixed', { encoding: 'linear16', sampleRateHz: 44_100 }, [4000, 12_000]],
    [
      'six channels, mixed',
      { encoding: 'linear16', sampleRateHz: 48_000 },
      [8000, 8000, 8000, 8000, 8000, 8000],
    ],
  ])('of %s is read', async (_name, format, peaks) => {
    const result = await load(wav(format, peaks))
    const line = result.ok ? result.pipeline.recordedLines.get('') : undefined
    expect(line).toMatchObject({
      text: TEXT,
      format: { encoding: 'linear16', sampleRateHz: format.sampleRateHz },
    })
    const samples = new Int16Array(line!.audio.buffer, line!.audio.byteOffset, line!.audio.length / 2)
    expect(samples).toHaveLength(format.sampleRateHz)
    const peak = samples.reduce((most, sample) => Math.max(most, sample), 0)
    expect(Math.abs(peak - 8000)).toBeLessThan(400)
  })

  it.each<[string, Uint8Array | undefined, string | undefined, RegExp]>([
    [
      'missing',
      undefined,
      'nowhere.wav',
      /no such file; a path here begins at the place of the pipeline file/,
    ],
    ['a folder', undefined, 'folder', /this is a directory; name a WAV file/],
    [
      'another kind of file',
      undefined,
      'pipeline.yaml',
      /does not begin with RIFF.*save it as a WAV file of 16-bit PCM/,
    ],
    ['cut off', wav(LINEAR, [8000]).subarray(0, 30), undefined, /ends before its data chunk/],
    [
      'of 24 bits',
      withBits(wav(LINEAR, [8000]), 24),
      undefined,
      /with 24 bits is not 16-bit PCM.*save it as/,
    ],
    [
      'too long',
      wav(LINEAR, [8000], 20.1),
      undefined,
      /lasts 20100 ms; a line has at most 20 seconds, make it shorter/,
    ],
    ['empty', wav(LINEAR, [8000], 0), undefined, /lasts 0 ms, so there are no words in it/],
    ['silent', wav(LINEAR, [40]), undefined, /is silent; record the line again/],
    [
      'of a rate that is none',
      wav({ encoding: 'linear16', sampleRateHz: 100 }, [8000]),
      undefined,
      /100 Hz is no recording/,
    ],
  ])('that is %s is told, with its place and what helps', async (_name, bytes, file, expected) => {
    mkdirSync(join(dir, 'folder'), { recursive: true })
    expect(await problem(bytes, file)).toMatch(expected)
  })
})

function withBits(file: Uint8Array, bits: number): Uint8Array {
  const changed = file.slice()
  new DataView(changed.buffer).setUint16(34, bits, true)
  return changed
}
