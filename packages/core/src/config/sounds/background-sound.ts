import { resolve } from 'node:path'
import { MULAW_8K } from '../../contracts/audio.ts'
import { type Background, createBackground, createComfortNoise } from '../../pipeline/speaking/background.ts'
import { readRecording, type RecordingKind } from './recording-file.ts'
import type { Finding } from '../findings/schema-findings.ts'
import { isBroken, type SourceNode } from '../source/source-tree.ts'
import { mapOf } from '../source/value-shapes.ts'

/** A minute takes a megabyte in each process. A loop that is too short is heard as one. */
const SOUND: RecordingKind = {
  maxMs: 60_000,
  minMs: 2000,
  longest: 'a background has at most 60 seconds, and is played round and round',
  tooShort: 'and would be heard as a beat; name a sound of at least 2 seconds',
  silent: 'name another sound, or leave background out',
}

const PATH = ['background', 'file']

interface ReadBackground {
  readonly background?: Background
  readonly findings: readonly Finding[]
}

/** Reads the sound that the file names, made ready for the phone's format. Never throws. */
export async function readBackground(
  config: unknown,
  baseDir: string,
  source: SourceNode,
): Promise<ReadBackground> {
  const { background: written, comfort_noise: noiseDb } = mapOf(config) ?? {}
  if (typeof noiseDb === 'number') return withComfortNoise(noiseDb, written !== undefined)
  const { file, level } = mapOf(written) ?? {}
  if (typeof file !== 'string' || file === '' || typeof level !== 'number' || isBroken(source, PATH))
    return { findings: [] }
  const read = await readRecording(resolve(baseDir, file), SOUND)
  if (typeof read === 'string')
    return { findings: [{ code: 'KAV_CONFIG_VALUE', path: PATH, at: 'value', message: read }] }
  return { background: ready(createBackground(read, level)), findings: [] }
}

function withComfortNoise(db: number, besideBackground: boolean): ReadBackground {
  const message =
    'cannot stand beside "background", which is heard in the silence, too; remove one of the two'
  const findings: Finding[] = besideBackground
    ? [{ code: 'KAV_CONFIG_VALUE', path: ['comfort_noise'], at: 'parent', message }]
    : []
  return { background: ready(createComfortNoise(db)), findings }
}

/** Before the first call needs it: a minute takes a tenth of a second, which callers would hear. */
function ready(background: Background): Background {
  background.loop(MULAW_8K.sampleRateHz)
  return background
}
