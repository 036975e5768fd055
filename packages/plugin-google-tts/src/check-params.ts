import type { ParamWarning } from '@kav/core'
import { resolveParams, type GoogleTtsParams } from './params.ts'
import { isChirpHd, shouldStream, takesStreaming, voiceFor } from './voice.ts'

/** Warnings for params that are legal but will not do what they seem to. Pure. */
export function checkParams(given: GoogleTtsParams): readonly ParamWarning[] {
  const params = resolveParams(given)
  const warnings: ParamWarning[] = []
  const warn = (path: ParamWarning['path'], message: string): void => {
    warnings.push({ path, message })
  }
  const voice = voiceFor(params, undefined)

  if (params.voice !== '' && !speaks(params.voice, voice.languageCode)) {
    warn(['voice'], `"${params.voice}" is not a voice of ${voice.languageCode}: Google will refuse the pair`)
  }
  for (const [language, name] of Object.entries(params.voices)) {
    if (!speaks(name, voiceFor(params, language).languageCode)) {
      warn(['voices', language], `"${name}" is not a voice of ${language}: Google will refuse the pair`)
    }
  }
  if (params.streaming === 'on' && !takesStreaming(voice)) {
    warn(
      ['streaming'],
      `"${params.voice}" is not known to stream (Chirp 3 HD voices do, for example ${voice.languageCode}-Chirp3-HD-Kore): every reply would fail over to whole requests`,
    )
  }
  if (isChirpHd(params.voice) && params.pitch !== 0) {
    warn(['pitch'], 'Chirp HD voices have no pitch: it is not sent')
  }
  if (params.input === 'markup' && !isChirpHd(params.voice)) {
    warn(['input'], 'markup is for Chirp 3 HD voices only: Google will refuse it')
  }
  const unheard = [
    ...(params.volume_gain_db === 0 ? [] : ['volume_gain_db']),
    ...(params.effects_profile.length === 0 ? [] : ['effects_profile']),
  ]
  for (const field of unheard) {
    if (shouldStream(params, voice)) warn([field], 'has no effect while streaming')
    else if (params.streaming === 'auto' && takesStreaming(voice)) {
      warn([field], 'a stream has none: with it, replies go by whole requests, and first audio comes later')
    }
  }
  return warnings
}

/** Voice names begin with their language (`he-IL-Wavenet-A`); names without one (Gemini's) fit every language. */
function speaks(name: string, languageCode: string): boolean {
  const language = /^([a-z]{2,3}-[a-z0-9]{2,4})-/i.exec(name)?.[1]
  return language === undefined || language.toLowerCase() === languageCode.toLowerCase()
}
