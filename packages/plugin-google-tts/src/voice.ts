import type { ResolvedParams } from './params.ts'

/** The voice one request is spoken with. */
export interface Voice {
  readonly languageCode: string
  /** Empty: Google chooses. */
  readonly name: string
  readonly model: string
}

/** Text-to-speech says `he-IL`, unlike speech recognition at Google, which says `iw-IL`. */
function toVoiceLanguage(language: string): string {
  return /^(he|iw)(-il)?$/i.test(language) ? 'he-IL' : language
}

/** The voice for a language: the configured one, one of `voices`, or Google's choice. */
export function voiceFor(params: ResolvedParams, language: string | undefined): Voice {
  const own = toVoiceLanguage(params.language)
  const wanted = toVoiceLanguage(language ?? params.language)
  if (wanted.toLowerCase() === own.toLowerCase()) {
    return { languageCode: own, name: params.voice, model: params.model }
  }
  const other = Object.entries(params.voices).find(
    ([code]) => toVoiceLanguage(code).toLowerCase() === wanted.toLowerCase(),
  )
  return { languageCode: wanted, name: other?.[1] ?? '', model: other === undefined ? '' : params.model }
}

/** Chirp HD and Gemini voices stream; the others only answer whole requests (cloud_tts.proto, docs "Chirp 3: HD"). */
export function takesStreaming(voice: Voice): boolean {
  return isChirpHd(voice.name) || voice.model.startsWith('gemini')
}

export function isChirpHd(name: string): boolean {
  return /-Chirp3?-HD-/i.test(name)
}

/** Whether replies in this voice go through a stream. A stream has no gain and no audio profiles. */
export function shouldStream(params: ResolvedParams, voice: Voice): boolean {
  if (params.streaming !== 'auto') return params.streaming === 'on'
  return takesStreaming(voice) && params.volume_gain_db === 0 && params.effects_profile.length === 0
}
