import { open, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createSampleDecoder, createSampleEncoder } from '../audio/convert.ts'
import { readWav } from '../audio/wav.ts'
import { durationMs } from '../contracts/audio.ts'
import { messageOf } from '../contracts/errors.ts'
import { FIRST_LANGUAGE, type RecordedLine, type RecordedLines } from '../pipeline/replying/recorded-line.ts'
import type { Path } from './problem.ts'
import type { Finding } from './schema-findings.ts'
import { isBroken, type SourceNode } from './source-tree.ts'
import { mapOf } from './value-shapes.ts'

/** A caller is not kept on the line for a lecture, and every call of the pipeline may play it. */
const MAX_LINE_MS = 20_000
const MIN_LINE_MS = 100
const MIN_RATE_HZ = 4000
const MAX_RATE_HZ = 192_000
/** The longest line in stereo at 192 kHz, with its header. */
const MAX_FILE_BYTES = 16 * 1024 * 1024
/** Quieter than this, nobody hears anything: one part in a hundred of full scale. */
const MIN_PEAK = 328

const HOW = 'save it as a WAV file of 16-bit PCM'

/** Reads the recorded lines that the file names, the pipeline's own and those of its languages. Never throws. */
export async function readRecordedLines(
  config: unknown,
  baseDir: string,
  source: SourceNode,
): Promise<{ lines: RecordedLines; findings: readonly Finding[] }> {
  const lines = new Map<string, RecordedLine>()
  const findings: Finding[] = []
  for (const { tag, path, written } of linesIn(config)) {
    const { file, text } = written
    const filePath = [...path, 'file']
    if (typeof file !== 'string' || file === '' || isBroken(source, filePath)) continue
    const read = await readLine(resolve(baseDir, file), typeof text === 'string' ? text : '')
    if (typeof read === 'string')
      findings.push({ code: 'KAV_CONFIG_VALUE', path: filePath, at: 'value', message: read })
    else lines.set(tag, read)
  }
  return { lines, findings }
}

function linesIn(config: unknown): { tag: string; path: Path; written: Readonly<Record<string, unknown>> }[] {
  const own = { tag: FIRST_LANGUAGE, path: ['conversation'], under: mapOf(config)?.['conversation'] }
  const others = Object.entries(mapOf(mapOf(config)?.['languages']) ?? {}).map(([tag, under]) => ({
    tag,
    path: ['languages', tag],
    under,
  }))
  return [own, ...others].flatMap(({ tag, path, under }) => {
    const written = mapOf(mapOf(under)?.['recorded_line'])
    return written === undefined ? [] : [{ tag, path: [...path, 'recorded_line'], written }]
  })
}

/** The recording, or what is wrong with the file and what helps. */
export async function readLine(file: string, text: string): Promise<RecordedLine | string> {
  const bytes = await readBytes(file)
  return typeof bytes === 'string' ? bytes : decodeLine(bytes, text)
}

async function readBytes(file: string): Promise<Uint8Array | string> {
  let handle
  try {
    // Before opening: opening a pipe would wait for its writer.
    const found = await stat(file)
    if (!found.isFile())
      return `this is ${found.isDirectory() ? 'a directory' : 'not a regular file'}; name a WAV file`
    if (found.size > MAX_FILE_BYTES) return 'the file is larger than 16 MB; a line has at most 20 seconds'
    handle = await open(file, 'r')
    return await handle.readFile()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return 'there is no such file; a path here begins at the place of the pipeline file'
    if (code === 'EACCES' || code === 'EPERM') return 'the file may not be read; check its permissions'
    return `the file cannot be read (${String(code ?? messageOf(error))})`
  } finally {
    await handle?.close().catch(() => undefined)
  }
}

function decodeLine(bytes: Uint8Array, text: string): RecordedLine | string {
  let wav
  try {
    wav = readWav(bytes)
  } catch (error) {
    return `${messageOf(error)}; ${HOW}`
  }
  const { sampleRateHz } = wav.format
  if (sampleRateHz < MIN_RATE_HZ || sampleRateHz > MAX_RATE_HZ)
    return `a rate of ${sampleRateHz} Hz is no recording of speech; ${HOW} at 8000 Hz`
  const samples = mixed(createSampleDecoder(wav.format).decode(wav.audio), wav.channels)
  const format = { encoding: 'linear16', sampleRateHz } as const
  const audio = createSampleEncoder(format)(samples).slice()
  const lengthMs = Math.round(durationMs(format, audio.length))
  if (lengthMs > MAX_LINE_MS)
    return `lasts ${lengthMs} ms; a line has at most ${MAX_LINE_MS / 1000} seconds, make it shorter`
  if (lengthMs < MIN_LINE_MS)
    return `lasts ${lengthMs} ms, so there are no words in it; record the line again`
  if (samples.every((sample) => Math.abs(sample) < MIN_PEAK)) return 'is silent; record the line again'
  return { text, format, audio }
}

/** The mean of all channels. */
function mixed(samples: Int16Array, channels: number): Int16Array {
  if (channels === 1) return samples
  const mono = new Int16Array(Math.floor(samples.length / channels))
  for (let at = 0; at < mono.length; at++) {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) sum += samples[at * channels + channel]!
    mono[at] = Math.round(sum / channels)
  }
  return mono
}
