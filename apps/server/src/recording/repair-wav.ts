import type { FileHandle } from 'node:fs/promises'
import { type AudioFormat, bytesPerSecond, parseWavHeader } from '@kav/core'
import { MAX_WAV_DATA_BYTES, wavHeader } from '@kav/core/host'
import { openPlainFile } from '../process/plain-file.ts'

/** Length of a recording after repair. */
export interface RepairedWav {
  readonly dataBytes: number
  readonly ms: number
}

const CHANNELS = 2
/** More than any header Kav writes. */
const HEADER_LOOK_BYTES = 64

/**
 * Makes a recording whose process died play to its last whole moment: its header says what is there, half a moment at
 * its end is cut off. A file whose header cannot be read gets one of `format`. May be done any number of times. `undefined` for what is no file of its own (`openPlainFile`).
 */
export async function repairWav(file: string, format: AudioFormat): Promise<RepairedWav | undefined> {
  const handle = await openPlainFile(file, 'change')
  if (handle === undefined) return undefined
  try {
    const { size } = await handle.stat()
    const found = await headerOf(handle)
    const kept = found?.format ?? format
    const header = (dataBytes: number): Uint8Array => wavHeader(kept, CHANNELS, dataBytes)
    const from = header(0).length
    const momentBytes = (CHANNELS * bytesPerSecond(kept)) / kept.sampleRateHz
    const there = Math.min(Math.max(0, size - from), MAX_WAV_DATA_BYTES)
    const dataBytes = there - (there % momentBytes)
    if (size !== from + dataBytes) await handle.truncate(from + dataBytes)
    await handle.write(header(dataBytes), 0, from, 0)
    return { dataBytes, ms: Math.round((dataBytes * 1000) / (CHANNELS * bytesPerSecond(kept))) }
  } finally {
    await handle.close()
  }
}

/** Whether its header says what is there: whoever wrote it has closed it. False for what cannot be read. */
export async function isFinishedWav(file: string): Promise<boolean> {
  const handle = await openPlainFile(file, 'read')
  if (handle === undefined) return false
  try {
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_LOOK_BYTES), 0, HEADER_LOOK_BYTES, 0)
    const header = parseWavHeader(buffer.subarray(0, bytesRead))
    return typeof header === 'object' && header.dataOffset + header.dataBytes === size
  } catch {
    return false
  } finally {
    await handle.close()
  }
}

/** `undefined` unless it is whole, and such as Kav writes. */
async function headerOf(handle: FileHandle) {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_LOOK_BYTES), 0, HEADER_LOOK_BYTES, 0)
  try {
    const header = parseWavHeader(buffer.subarray(0, bytesRead))
    if (header === undefined || header === 'more' || header.channels !== CHANNELS) return undefined
    return header.dataOffset === wavHeader(header.format, CHANNELS, 0).length ? header : undefined
  } catch {
    return undefined
  }
}
