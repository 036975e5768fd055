import type { FileHandle } from 'node:fs/promises'
import { bytesPerSecond, parseWavHeader } from '@kav/core'
import { createSampleEncoder } from '@kav/core/host'
import { openPlainFile, writeAll } from '../process/plain-file.ts'
import type { PrivateStretch } from './private-stretches.ts'

const CHANNELS = 2
const HEADER_LOOK_BYTES = 64
const TONE_HZ = 1000
/** Loud enough not to be taken for silence: about -20 dB below the loudest. */
const TONE_PEAK = 3200
const PIECE_BYTES = 256 * 1024

/**
 * Lays a tone over stretches of a finished stereo recording, in its place: nothing of what was there can be heard or
 * worked out. `beginsMs` is when the file begins, as the call counts its time. Rejects when it is not sure of all of
 * it; may be done again, with the same result.
 */
export async function toneOver(
  file: string,
  stretches: readonly PrivateStretch[],
  beginsMs: number,
): Promise<void> {
  const handle = await openPlainFile(file, 'change')
  if (handle === undefined) throw new Error('the recording is no plain file')
  try {
    const wav = await readHead(handle)
    for (const stretch of stretches) await toneStretch(handle, wav, stretch, beginsMs)
  } finally {
    await handle.close()
  }
}

type Head = Awaited<ReturnType<typeof readHead>>

async function readHead(handle: FileHandle) {
  const { size } = await handle.stat()
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_LOOK_BYTES), 0, HEADER_LOOK_BYTES, 0)
  const header = parseWavHeader(buffer.subarray(0, bytesRead))
  if (header === undefined || header === 'more' || header.channels !== CHANNELS)
    throw new Error('the recording has no header of Kav’s')
  const { format, dataOffset } = header
  const { sampleRateHz } = format
  const wave = Int16Array.from({ length: sampleRateHz }, (_, index) =>
    Math.round(TONE_PEAK * Math.sin((2 * Math.PI * TONE_HZ * index) / sampleRateHz)),
  )
  return {
    dataOffset,
    sampleRateHz,
    sampleBytes: bytesPerSecond(format) / sampleRateHz,
    samples: Math.floor((size - dataOffset) / ((CHANNELS * bytesPerSecond(format)) / sampleRateHz)),
    /** One second of it. */
    tone: Buffer.from(createSampleEncoder(format)(wave)),
  }
}

async function toneStretch(
  handle: FileHandle,
  { dataOffset, sampleRateHz, sampleBytes, samples, tone }: Head,
  { side, fromMs, toMs }: PrivateStretch,
  beginsMs: number,
): Promise<void> {
  const momentBytes = CHANNELS * sampleBytes
  const at = (ms: number): number => ((ms - beginsMs) * sampleRateHz) / 1000
  const from = Math.max(0, Math.floor(at(fromMs)))
  const to = Math.min(samples, Math.ceil(at(toMs)))
  const step = Math.floor(PIECE_BYTES / momentBytes)
  const offset = side === 'caller' ? 0 : sampleBytes
  for (let start = from; start < to; start += step) {
    const count = Math.min(step, to - start)
    const piece = Buffer.alloc(count * momentBytes)
    await readAll(handle, piece, dataOffset + start * momentBytes)
    for (let index = 0; index < count; index++) {
      const source = ((start + index) % sampleRateHz) * sampleBytes
      tone.copy(piece, index * momentBytes + offset, source, source + sampleBytes)
    }
    await writeAll(handle, piece, dataOffset + start * momentBytes)
  }
}

async function readAll(handle: FileHandle, piece: Buffer, position: number): Promise<void> {
  for (let at = 0; at < piece.length;) {
    const { bytesRead } = await handle.read(piece, at, piece.length - at, position + at)
    if (bytesRead === 0) throw new Error('the recording is shorter than it was')
    at += bytesRead
  }
}
