import { readFileSync } from 'node:fs'
import { MULAW_8K, MULAW_SILENCE, createConverter, readWav } from '@kav/core'

/** What one of the recorded callers of `packages/phone/audio` says, as the phone sends it. */
export function callerSays(name: string): Uint8Array {
  const wav = readWav(readFileSync(new URL(`../../phone/audio/${name}.wav`, import.meta.url)))
  return createConverter(wav.format, MULAW_8K).convert(wav.audio).slice()
}

export function silence(durationMs: number): Uint8Array {
  return new Uint8Array(durationMs * 8).fill(MULAW_SILENCE)
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

/** Phrases a caller of the demo may say. */
export const DEMO_HINTS = [
  'weasels have eaten our phone system',
  'something is terribly wrong',
  'the number is not answering',
  'telephone number',
  'hello',
  'monday',
  'wednesday',
  'thank you',
  'goodbye',
  'cancel the visit',
  'yes',
  'no',
]
