import { createHash } from 'node:crypto'
import { type AudioFormat, formatName } from '../../contracts/audio.ts'

/** Speech that is the same on every call, kept between calls and restarts. Bounded by whoever keeps it. */
export interface SpeechCache {
  get(key: string): Uint8Array | undefined
  put(key: string, audio: Uint8Array): void
}

/** Equal voices, formats, languages and texts give equal audio. */
export function speechKey(
  voiceKey: string,
  format: AudioFormat,
  language: string | undefined,
  text: string,
): string {
  const facts = JSON.stringify([voiceKey, formatName(format), language ?? '', text])
  return createHash('sha256').update(facts).digest('hex')
}

/**
 * Plays from the cache, or fills it once the whole clause is there: `speak` makes it, and tells as it begins whether
 * it is spoken by the voice that the key names.
 */
export async function* cachedSpeech(
  cache: SpeechCache,
  key: string,
  parts: {
    signal: AbortSignal
    onLookup: (hit: boolean) => void
    speak: (onVoice: (isOwn: boolean) => void) => AsyncIterable<Uint8Array>
  },
): AsyncGenerator<Uint8Array> {
  const known = cache.get(key)
  parts.onLookup(known !== undefined)
  if (known) {
    yield known
    return
  }
  const kept: Uint8Array[] = []
  let own = false
  for await (const audio of parts.speak((isOwn) => (own = isOwn))) {
    kept.push(Uint8Array.from(audio))
    yield audio
  }
  // What another voice had to say is not this voice's.
  if (!parts.signal.aborted && own) cache.put(key, Buffer.concat(kept))
}
