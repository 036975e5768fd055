import { type AudioFormat, FRAME_MS, frameBytes } from '../contracts/audio.ts'
import { createConverter } from '../audio/index.ts'

/** Frequencies of rows and columns in Hz (ITU-T Q.23). */
const ROWS_HZ = [697, 770, 852, 941]
const COLUMNS_HZ = [1209, 1336, 1477, 1633]
const KEYS = ['123A', '456B', '789C', '*0#D']

/** Receivers must take 40 ms of tone and 40 ms of pause (ITU-T Q.24); this leaves room for a lost packet. */
const TONE_MS = 100
const PAUSE_MS = 60
const WAIT_MS = 500
const TAKEN_AFTER_MS = 40

/**
 * Peak of each tone in 16-bit samples: -8 dBm0 and -6 dBm0, where a full-scale sine of G.711 is +3.17 dBm0 and peaks
 * at 32124. The upper tone is the louder one, since lines lose more of it; Q.24 allows it 4 dB.
 */
const LOW_PEAK = 32124 * 10 ** ((-8 - 3.17) / 20)
const HIGH_PEAK = 32124 * 10 ** ((-6 - 3.17) / 20)

/** Rise and fall of a tone, so that it does not click. */
const RAMP_MS = 2

/** The digits that `dtmfTones` knows; `w` is half a second of silence. */
export const DTMF_DIGITS = /^[0-9A-D*#w]+$/

/**
 * Touch tones as 20 ms frames of the call's format: each key 100 ms long, with 60 ms of silence after it. Keys are
 * `0-9`, `A-D`, `*`, `#`; `w` is half a second of silence; anything else is left out.
 */
export function dtmfTones(digits: string, format: AudioFormat): Uint8Array[] {
  const samples = [...digits].flatMap((digit) => soundOf(digit, format.sampleRateHz))
  const linear = new Uint8Array(samples.length * 2)
  const view = new DataView(linear.buffer)
  samples.forEach((sample, index) => view.setInt16(index * 2, Math.round(sample), true))
  const converter = createConverter({ encoding: 'linear16', sampleRateHz: format.sampleRateHz }, format)
  const bytes = converter.convert(linear)
  const size = frameBytes(format)
  const frames: Uint8Array[] = []
  for (let at = 0; at + size <= bytes.length; at += size) frames.push(bytes.slice(at, at + size))
  return frames
}

function soundOf(digit: string, rateHz: number): number[] {
  if (digit === 'w') return silence(WAIT_MS, rateHz)
  const row = KEYS.findIndex((keys) => keys.includes(digit))
  const lowHz = ROWS_HZ[row]
  const highHz = COLUMNS_HZ[KEYS[row]?.indexOf(digit) ?? -1]
  if (lowHz === undefined || highHz === undefined) return []
  return [...tone(lowHz, highHz, rateHz), ...silence(PAUSE_MS, rateHz)]
}

function tone(lowHz: number, highHz: number, rateHz: number): number[] {
  const count = (TONE_MS * rateHz) / 1000
  const ramp = (RAMP_MS * rateHz) / 1000
  return Array.from({ length: count }, (_, index) => {
    const angle = (2 * Math.PI * index) / rateHz
    const level = Math.min(1, (index + 1) / ramp, (count - index) / ramp)
    return level * (LOW_PEAK * Math.sin(lowHz * angle) + HIGH_PEAK * Math.sin(highHz * angle))
  })
}

function silence(ms: number, rateHz: number): number[] {
  return new Array<number>((ms * rateHz) / 1000).fill(0)
}

/**
 * The digits, from the first on, that the far end has taken after so much of their tones: a key counts once it has
 * sounded for as long as receivers need, a wait once it is over.
 */
export function dtmfTaken(digits: string, playedMs: number): string {
  let atMs = 0
  let taken = 0
  for (const digit of digits) {
    if (playedMs < atMs + (digit === 'w' ? WAIT_MS : TAKEN_AFTER_MS)) break
    taken++
    atMs += digit === 'w' ? WAIT_MS : TONE_MS + PAUSE_MS
  }
  return digits.slice(0, taken)
}

/** How long the tones of these digits play. */
export function dtmfDurationMs(digits: string): number {
  const ms = [...digits].reduce((sum, digit) => sum + (digit === 'w' ? WAIT_MS : TONE_MS + PAUSE_MS), 0)
  return Math.ceil(ms / FRAME_MS) * FRAME_MS
}
