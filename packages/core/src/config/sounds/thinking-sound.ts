import { resolve } from 'node:path'
import { createSampleDecoder, createSampleEncoder } from '../../audio/convert.ts'
import type { RecordedLine } from '../../pipeline/replying/recorded-line.ts'
import { readLine } from './recorded-lines.ts'
import type { Finding } from '../findings/schema-findings.ts'
import { isBroken, type SourceNode } from '../source/source-tree.ts'
import { mapOf } from '../source/value-shapes.ts'

const PATH = ['conversation', 'filler', 'sound']

/** Reads the sound that is played while an answer is late, made as soft as the file says. Never throws. */
export async function readThinkingSound(
  config: unknown,
  baseDir: string,
  source: SourceNode,
): Promise<{ sound?: RecordedLine; findings: readonly Finding[] }> {
  const filler = mapOf(mapOf(mapOf(config)?.['conversation'])?.['filler'])
  const { sound: file, sound_db: db = 0 } = filler ?? {}
  if (typeof file !== 'string' || file === '' || isBroken(source, PATH)) return { findings: [] }
  const read = await readLine(resolve(baseDir, file), '')
  if (typeof read === 'string')
    return { findings: [{ code: 'KAV_CONFIG_VALUE', path: PATH, at: 'value', message: read }] }
  return { sound: softened(read, typeof db === 'number' ? db : 0), findings: [] }
}

function softened(line: RecordedLine, db: number): RecordedLine {
  const gain = 10 ** (db / 20)
  const samples = createSampleDecoder(line.format)
    .decode(line.audio)
    .map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * gain))))
  return { ...line, audio: createSampleEncoder(line.format)(samples).slice() }
}
