import type { TtsProvider } from '../../contracts/tts.ts'
import { pronounce } from '../../language/pronounce.ts'
import type { SpokenText } from '../../language/spoken-form/rules/spoken-text.ts'
import type { CallSettings } from '../call-settings.ts'

/** How the call's texts are said: by the pronunciation table, and in words for voices that do not find them. */
export interface Pronouncer {
  /** As this voice is given it. */
  forVoice(text: string, voice: Pick<TtsProvider, 'normalises'>): SpokenText
  /** In words, whoever finds them: how long a text takes to say is seen from its words, not from its figures. */
  inWords(text: string): SpokenText
}

export function createPronouncer(
  settings: CallSettings['conversation']['speechText'],
  language: () => string,
): Pronouncer {
  const { spokenForm, ...table } = settings
  const say = (text: string, inWords: boolean): SpokenText =>
    pronounce(text, { ...table, language: language(), spokenForm: inWords })
  return {
    forVoice: (text, { normalises }) => say(text, spokenForm === 'auto' ? !normalises : spokenForm === 'on'),
    inWords: (text) => say(text, true),
  }
}
