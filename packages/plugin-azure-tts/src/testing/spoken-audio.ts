import { encodeMulaw } from '@kav/core'

/** How long one character of text is spoken. */
const MS_PER_CHARACTER = 60
const SAMPLES_PER_MS = 8

/** What the loopback voice says for a text: a hum whose pitch is the text's own, mu-law at 8 kHz. */
export function spokenAudio(text: string): Uint8Array {
  const samples = new Int16Array(text.length * MS_PER_CHARACTER * SAMPLES_PER_MS)
  let sum = 0
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 997
  const step = (2 * Math.PI * (150 + (sum % 200))) / 8000
  for (let at = 0; at < samples.length; at += 1) samples[at] = Math.round(9000 * Math.sin(at * step))
  return encodeMulaw(samples)
}

/** The words of an SSML document: what stands outside its tags. */
export function textOfSsml(ssml: string): string {
  return ssml
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
}
