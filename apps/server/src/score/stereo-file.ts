import { readFile } from 'node:fs/promises'
import { messageOf, parseWavHeader, type WavHeader } from '@kav/core'
import { createSampleDecoder } from '@kav/core/host'
import { UnusableFile } from './unusable-file.ts'

/** Both channels of a recording, 16-bit samples, equally many. */
export interface StereoSound {
  readonly sampleRateHz: number
  readonly left: Int16Array
  readonly right: Int16Array
}

/** What a stream writes that does not know its length yet. */
const OPEN_LENGTHS: ReadonlySet<number> = new Set([0, 0xffffffff])

/** Throws `UnusableFile` for what is no whole stereo WAV file with sound. */
export async function readStereoFile(file: string): Promise<StereoSound> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new UnusableFile(file, `cannot be read: ${messageOf(error)}`, { cause: error })
  })
  if (bytes.length === 0) throw new UnusableFile(file, 'the file is empty')
  const header = headerOf(file, bytes)
  if (header.channels !== 2)
    throw new UnusableFile(
      file,
      `${header.channels === 1 ? 'one channel' : `${header.channels} channels`}, two are needed: the caller and the agent`,
    )
  const heldBytes = bytes.length - header.dataOffset
  const open = OPEN_LENGTHS.has(header.dataBytes)
  if (!open && heldBytes < header.dataBytes)
    throw new UnusableFile(file, `cut off: ${heldBytes} of ${header.dataBytes} bytes of sound are there`)
  const audio = bytes.subarray(header.dataOffset, header.dataOffset + (open ? heldBytes : header.dataBytes))
  const samples = createSampleDecoder(header.format).decode(audio)
  const count = Math.floor(samples.length / 2)
  if (count === 0) throw new UnusableFile(file, 'no sound in it')
  return {
    sampleRateHz: header.format.sampleRateHz,
    left: Int16Array.from({ length: count }, (_, at) => samples[2 * at]!),
    right: Int16Array.from({ length: count }, (_, at) => samples[2 * at + 1]!),
  }
}

function headerOf(file: string, bytes: Uint8Array): WavHeader {
  let header: WavHeader | 'more' | undefined
  try {
    header = parseWavHeader(bytes)
  } catch (error) {
    throw new UnusableFile(file, messageOf(error), { cause: error })
  }
  if (header === undefined) throw new UnusableFile(file, 'not a WAV file (it does not begin with RIFF….WAVE)')
  if (header === 'more') throw new UnusableFile(file, 'cut off: the file ends before its sound')
  return header
}
