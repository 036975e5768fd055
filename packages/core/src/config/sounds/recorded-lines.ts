import { resolve } from 'node:path'
import { createSampleEncoder } from '../../audio/convert.ts'
import {
  FIRST_LANGUAGE,
  type RecordedLine,
  type RecordedLines,
} from '../../pipeline/replying/recorded-line.ts'
import type { Path } from '../source/problem.ts'
import { readRecording, type RecordingKind } from './recording-file.ts'
import type { Finding } from '../findings/schema-findings.ts'
import { isBroken, type SourceNode } from '../source/source-tree.ts'
import { mapOf } from '../source/value-shapes.ts'

/** A caller is not kept on the line for a lecture, and every call of the pipeline may play it. */
const LINE: RecordingKind = {
  maxMs: 20_000,
  minMs: 100,
  longest: 'a line has at most 20 seconds',
  tooShort: 'so there are no words in it; record the line again',
  silent: 'record the line again',
}

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

/** The line, or what is wrong with the file and what helps. */
export async function readLine(file: string, text: string): Promise<RecordedLine | string> {
  const read = await readRecording(file, LINE)
  if (typeof read === 'string') return read
  const format = { encoding: 'linear16', sampleRateHz: read.sampleRateHz } as const
  return { text, format, audio: createSampleEncoder(format)(read.samples).slice() }
}
