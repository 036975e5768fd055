import { MULAW_SAMPLES } from '../listening/mulaw.ts'

/** A recording as far as it is drawn: the loudest moments of each side, point by point. */
export interface Wave {
  readonly durationMs: number
  /** Between 0 and 1; the caller's come first. One side alone where the file has one. */
  readonly peaks: readonly Float32Array[]
}

interface WavFormat {
  readonly bits: number
  readonly channels: number
  readonly rateHz: number
  readonly isMulaw: boolean
  readonly dataOffset: number
  readonly dataBytes: number
}

const PCM = 1
const MULAW = 7

/**
 * Takes a WAV (16-bit PCM or mu-law) to `points` peaks a side. A header that claims more than there is, as that of a
 * file that was cut off does, is taken at what there is. `undefined`: it is no WAV that can be drawn.
 */
export function waveOf(bytes: ArrayBuffer, points: number): Wave | undefined {
  const format = formatOf(new DataView(bytes))
  if (format === undefined) return undefined
  const { bits, channels, rateHz, dataOffset, dataBytes } = format
  const frames = Math.floor(dataBytes / ((bits / 8) * channels))
  const read = readerOf(bytes, format)
  const perPoint = Math.max(1, Math.ceil(frames / points))
  const peaks = Array.from({ length: channels }, () => new Float32Array(Math.ceil(frames / perPoint)))
  for (let frame = 0; frame < frames; frame++) {
    const point = Math.floor(frame / perPoint)
    for (let side = 0; side < channels; side++) {
      const level = Math.abs(read(dataOffset, frame * channels + side))
      if (level > peaks[side]![point]!) peaks[side]![point] = level
    }
  }
  return { durationMs: (frames / rateHz) * 1000, peaks }
}

function readerOf(bytes: ArrayBuffer, { isMulaw }: WavFormat): (offset: number, at: number) => number {
  if (isMulaw) {
    const samples = new Uint8Array(bytes)
    return (offset, at) => MULAW_SAMPLES[samples[offset + at]!]!
  }
  const view = new DataView(bytes)
  return (offset, at) => view.getInt16(offset + at * 2, true) / 32768
}

function formatOf(view: DataView): WavFormat | undefined {
  if (view.byteLength < 44 || nameAt(view, 0) !== 'RIFF' || nameAt(view, 8) !== 'WAVE') return undefined
  let format: Omit<WavFormat, 'dataOffset' | 'dataBytes'> | undefined
  for (let at = 12; at + 8 <= view.byteLength;) {
    const size = view.getUint32(at + 4, true)
    const name = nameAt(view, at)
    if (name === 'data')
      return format && { ...format, dataOffset: at + 8, dataBytes: Math.min(size, view.byteLength - at - 8) }
    if (name === 'fmt ') {
      const tag = view.getUint16(at + 8, true)
      const bits = view.getUint16(at + 22, true)
      if (!(tag === PCM && bits === 16) && !(tag === MULAW && bits === 8)) return undefined
      format = {
        bits,
        isMulaw: tag === MULAW,
        channels: view.getUint16(at + 10, true),
        rateHz: view.getUint32(at + 12, true),
      }
    }
    at += 8 + size + (size & 1)
  }
  return undefined
}

function nameAt(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(at + index)))
}
