import { decodeAlaw, decodeMulaw } from '@kav/core'
import type { WavLayout } from '@kav/core/host'

/** How the samples of a file are read, one at a time, as 16-bit ones. */
export interface SampleReader {
  readonly bytes: number
  read(view: DataView, at: number): number
}

/** Of every kind that recorders and editors write, by tag (RFC 2361) and bits; `undefined` for any other. */
export function sampleReader({ tag, bits }: WavLayout): SampleReader | undefined {
  return READERS[`${tag}/${bits}`]
}

const EVERY_CODE = Uint8Array.from({ length: 256 }, (_, code) => code)
const MULAW = decodeMulaw(EVERY_CODE)
const ALAW = decodeAlaw(EVERY_CODE)

const READERS: Readonly<Record<string, SampleReader>> = {
  '1/8': { bytes: 1, read: (view, at) => (view.getUint8(at) - 128) << 8 },
  '1/16': { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  '1/24': { bytes: 3, read: (view, at) => view.getInt16(at + 1, true) },
  '1/32': { bytes: 4, read: (view, at) => view.getInt16(at + 2, true) },
  '3/32': { bytes: 4, read: (view, at) => ofFraction(view.getFloat32(at, true)) },
  '3/64': { bytes: 8, read: (view, at) => ofFraction(view.getFloat64(at, true)) },
  '6/8': { bytes: 1, read: (view, at) => ALAW[view.getUint8(at)]! },
  '7/8': { bytes: 1, read: (view, at) => MULAW[view.getUint8(at)]! },
}

/** What is no number is silence, and what is louder than full scale as loud. */
function ofFraction(value: number): number {
  return Number.isNaN(value) ? 0 : Math.round(32_767 * Math.max(-1, Math.min(1, value)))
}
