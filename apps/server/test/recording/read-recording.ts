import { readFileSync } from 'node:fs'
import { type AudioFormat, readWav } from '@kav/core'
import { createSampleDecoder, createSampleEncoder } from '@kav/core/host'
import { createRecordingTap, type RecordingFacts, type RecordingOptions } from '../../src/recording-tap.ts'

export type Tap = ReturnType<typeof createRecordingTap>

export interface ReadRecording {
  readonly format: AudioFormat
  /** Samples, whatever the file's encoding is. */
  readonly left: Int16Array
  readonly right: Int16Array
  readonly facts: RecordingFacts
}

/**
 * Records what `play` feeds and reads the file back, both sides as samples. Rejects when the tap reports an error. A
 * whole call is fed at once: all of it may wait for the disk unless `options` say otherwise.
 */
export async function recordInto(
  file: string,
  options: RecordingOptions,
  play: (tap: Tap) => void,
): Promise<ReadRecording> {
  const errors: unknown[] = []
  const tap = createRecordingTap(file, (error) => errors.push(error), {
    maxWaitingBytes: Infinity,
    ...options,
  })
  play(tap)
  tap.close()
  const facts = await tap.written
  if (errors.length > 0) throw errors[0]
  const { format, channels, audio } = readWav(readFileSync(file))
  if (channels !== 2) throw new Error(`${channels} channels`)
  const samples = Int16Array.from(createSampleDecoder(format).decode(audio))
  return {
    format,
    left: samples.filter((_, i) => i % 2 === 0),
    right: samples.filter((_, i) => i % 2 === 1),
    facts,
  }
}

/** What samples of a call's format are once they have been through the file's format. */
export function asKept(bytes: Uint8Array, from: AudioFormat, kept: 'pcm16' | 'mulaw'): Int16Array {
  const samples = Int16Array.from(createSampleDecoder(from).decode(bytes))
  if (kept === 'pcm16') return samples
  const mulaw: AudioFormat = { encoding: 'mulaw', sampleRateHz: from.sampleRateHz }
  return Int16Array.from(createSampleDecoder(mulaw).decode(createSampleEncoder(mulaw)(samples)))
}

/** Sound that is never silent in any format, and never twice the same for a hundred samples. */
export function createSound(format: AudioFormat): (samples: number) => Uint8Array {
  let next = 0
  return (samples) => {
    if (format.encoding !== 'linear16') return Uint8Array.from({ length: samples }, () => 1 + (next++ % 100))
    const bytes = Buffer.alloc(samples * 2)
    for (let i = 0; i < samples; i++) bytes.writeInt16LE(400 + 50 * (next++ % 500), 2 * i)
    return bytes
  }
}

/** The samples that are not silence. */
export function soundOf(samples: Int16Array, silence: number): Int16Array {
  return samples.filter((sample) => sample !== silence)
}
