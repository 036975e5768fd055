import { MULAW_8K, type AudioFormat } from '@kav/core'

/** A format the core can decode, or why it cannot. */
export type MediaFormatVerdict = { readonly format: AudioFormat } | { readonly problem: string }

const ENCODINGS: ReadonlyMap<string, AudioFormat['encoding']> = new Map([
  ['mulaw', 'mulaw'],
  ['x-mulaw', 'mulaw'],
  ['ulaw', 'mulaw'],
  ['pcmu', 'mulaw'],
  ['alaw', 'alaw'],
  ['x-alaw', 'alaw'],
  ['pcma', 'alaw'],
  ['l16', 'linear16'],
  ['x-l16', 'linear16'],
  ['linear16', 'linear16'],
])

/**
 * Judges `start.mediaFormat`. The stream's own word is believed, never assumed; only when it says nothing at all is
 * it mu-law 8 kHz, which the documentation promises. Linear audio is taken as little-endian.
 */
export function readMediaFormat(value: unknown): MediaFormatVerdict {
  if (value === undefined || value === null) return { format: MULAW_8K }
  if (typeof value !== 'object') return { problem: 'mediaFormat is not an object' }
  const { encoding, sampleRate, channels } = value as Record<string, unknown>
  const name = typeof encoding === 'string' ? encoding.toLowerCase().replace(/^audio\//, '') : ''
  const known = ENCODINGS.get(name)
  if (known === undefined) return { problem: `encoding ${quoted(encoding)} is not mulaw, alaw or linear16` }
  const sampleRateHz = sampleRate === undefined ? 8000 : Number(sampleRate)
  // A 20 ms frame has to be a whole number of samples.
  if (
    !Number.isInteger(sampleRateHz) ||
    sampleRateHz < 8000 ||
    sampleRateHz > 48000 ||
    sampleRateHz % 50 !== 0
  ) {
    return { problem: `sampleRate ${quoted(sampleRate)} is not a multiple of 50 from 8000 to 48000` }
  }
  if (channels !== undefined && Number(channels) !== 1) {
    return { problem: `channels is ${quoted(channels)}; only one channel can be handled` }
  }
  return { format: { encoding: known, sampleRateHz } }
}

function quoted(value: unknown): string {
  return (JSON.stringify(value) ?? 'missing').slice(0, 60)
}
