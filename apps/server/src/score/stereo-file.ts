import { type FileHandle, open } from 'node:fs/promises'
import { messageOf } from '@kav/core'
import { parseWavLayout, type WavLayout } from '@kav/core/host'
import { createLevelMeter } from '@kav/core/panel'
import { UnusableFile } from './unusable-file.ts'
import { sampleReader } from './wav-samples.ts'

/** Both channels of a recording, as levels: dB of full scale, every 10 ms. */
export interface StereoLevels {
  readonly durationMs: number
  readonly leftDb: Float64Array
  readonly rightDb: Float64Array
}

/** What a stream writes that does not know its length yet. */
const OPEN_LENGTHS: ReadonlySet<number> = new Set([0, 0xffffffff])
/** Recorders write pictures and notes before the sound. */
const MAX_HEADER_BYTES = 1 << 20
const PIECE_BYTES = 1 << 18
const MIN_HZ = 4000
const MAX_HZ = 400_000
/** Identity and length of a chunk. */
const CHUNK_HEAD_BYTES = 8

/**
 * Reads piece by piece: three hours of 48 kHz are two gigabytes. Throws `UnusableFile` for what is no whole stereo WAV
 * file with sound.
 */
export async function readStereoFile(file: string): Promise<StereoLevels> {
  try {
    const handle = await open(file)
    try {
      return await readLevels(file, handle)
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (error instanceof UnusableFile) throw error
    throw new UnusableFile(file, `cannot be read: ${messageOf(error)}`, { cause: error })
  }
}

async function readLevels(file: string, handle: FileHandle): Promise<StereoLevels> {
  let held: Uint8Array = new Uint8Array(0)
  let sound: Sound | undefined
  const pieces = handle.createReadStream({ highWaterMark: PIECE_BYTES, autoClose: false })
  for await (const piece of pieces as AsyncIterable<Uint8Array>) {
    if (sound) {
      sound.push(piece)
      continue
    }
    held = Buffer.concat([held, piece])
    const layout = layoutOf(file, held)
    if (layout === undefined) continue
    sound = createSound(file, layout)
    sound.push(held.subarray(layout.dataOffset))
  }
  if (held.length === 0) throw new UnusableFile(file, 'the file is empty')
  if (!sound) throw new UnusableFile(file, 'cut off: the file ends before its sound')
  return sound.end()
}

/** `undefined`: there is more of the header to come. */
function layoutOf(file: string, bytes: Uint8Array): WavLayout | undefined {
  let layout: ReturnType<typeof parseWavLayout>
  try {
    layout = parseWavLayout(bytes, MAX_HEADER_BYTES)
  } catch (error) {
    throw new UnusableFile(file, messageOf(error), { cause: error })
  }
  if (layout === undefined) throw new UnusableFile(file, 'not a WAV file (it does not begin with RIFF….WAVE)')
  if (layout === 'more') return undefined
  const { channels, sampleRateHz } = layout
  if (channels !== 2)
    throw new UnusableFile(
      file,
      `${channels === 1 ? 'one channel' : `${channels} channels`}, two are needed: the caller and the agent`,
    )
  if (sampleRateHz < MIN_HZ || sampleRateHz > MAX_HZ)
    throw new UnusableFile(file, `${sampleRateHz} Hz are the rate of no recording of voices`)
  return layout
}

interface Sound {
  push(bytes: Uint8Array): void
  end(): StereoLevels
}

function createSound(file: string, layout: WavLayout): Sound {
  const { tag, bits, sampleRateHz, dataBytes } = layout
  const reader = sampleReader(layout)
  if (!reader)
    throw new UnusableFile(
      file,
      `format tag ${tag} with ${bits} bits is not PCM of 8, 16, 24 or 32 bits, float, mu-law or A-law`,
    )
  const { bytes: sampleBytes, read } = reader
  const frameBytes = 2 * sampleBytes
  const isOpen = OPEN_LENGTHS.has(dataBytes)
  const left = createLevelMeter(sampleRateHz)
  const right = createLevelMeter(sampleRateHz)
  const behind = createBehind(layout, frameBytes)
  let rest: Uint8Array = new Uint8Array(0)
  let heldBytes = 0
  let frames = 0

  function pushFrames(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const count = bytes.length / frameBytes
    const [ofLeft, ofRight] = [new Int16Array(count), new Int16Array(count)]
    for (let at = 0; at < count; at++) {
      ofLeft[at] = read(view, at * frameBytes)
      ofRight[at] = read(view, at * frameBytes + sampleBytes)
    }
    left.push(ofLeft)
    right.push(ofRight)
    frames += count
  }

  return {
    push(bytes) {
      const wanted = isOpen ? bytes.length : Math.min(bytes.length, dataBytes - heldBytes)
      heldBytes += wanted
      behind.push(bytes.subarray(wanted))
      const all =
        rest.length === 0 ? bytes.subarray(0, wanted) : Buffer.concat([rest, bytes.subarray(0, wanted)])
      const whole = all.length - (all.length % frameBytes)
      pushFrames(all.subarray(0, whole))
      rest = all.slice(whole)
    },
    end() {
      if (!isOpen && heldBytes < dataBytes)
        throw new UnusableFile(file, `cut off: ${heldBytes} of ${dataBytes} bytes of sound are there`)
      if (!isOpen && behind.isSound())
        throw new UnusableFile(
          file,
          `its header tells of ${dataBytes} bytes of sound, and ${behind.bytes()} more lie behind them: ` +
            'it was not finished, or put together of several; write it anew',
        )
      if (frames === 0) throw new UnusableFile(file, 'no sound in it')
      return {
        durationMs: (frames / sampleRateHz) * 1000,
        leftDb: left.levelsDb(),
        rightDb: right.levelsDb(),
      }
    },
  }
}

interface Behind {
  push(bytes: Uint8Array): void
  bytes(): number
  /** It is neither a chunk nor a tag, and too long to fill up a block. */
  isSound(): boolean
}

/** What stands behind the sound: notes, as a rule. */
function createBehind({ dataBytes, sampleRateHz }: WavLayout, frameBytes: number): Behind {
  const padBytes = dataBytes & 1
  let count = 0
  let head: Uint8Array = new Uint8Array(0)
  return {
    push(bytes) {
      count += bytes.length
      if (head.length < padBytes + CHUNK_HEAD_BYTES)
        head = Buffer.concat([head, bytes.subarray(0, padBytes + CHUNK_HEAD_BYTES - head.length)])
    },
    bytes: () => count,
    isSound() {
      if (count < sampleRateHz * frameBytes) return false
      const name = String.fromCharCode(...head.subarray(padBytes, padBytes + 4))
      const size = new DataView(head.buffer, head.byteOffset).getUint32(padBytes + 4, true)
      const isChunk = /^[ -~]{4}$/.test(name) && size <= count - padBytes - CHUNK_HEAD_BYTES
      return !isChunk && !name.startsWith('ID3')
    },
  }
}
