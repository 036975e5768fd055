import { type AudioFormat, MULAW_8K } from '@kav/core'

/** Formats both directions have, best first, and their names at ElevenLabs (elevenlabs.io/docs, "output_format"). */
export const FORMATS: readonly AudioFormat[] = [
  MULAW_8K,
  { encoding: 'linear16', sampleRateHz: 16_000 },
  { encoding: 'linear16', sampleRateHz: 24_000 },
]

export function formatNameOf({ encoding, sampleRateHz }: AudioFormat): string {
  return `${encoding === 'mulaw' ? 'ulaw' : 'pcm'}_${sampleRateHz}`
}

/** ISO 639-1 of a tag: `he-IL` is `he`. Empty: none. */
export function languageCodeOf(tag: string): string {
  const code = tag.split(/[-_]/)[0]!.toLowerCase()
  return code === 'iw' ? 'he' : code
}
