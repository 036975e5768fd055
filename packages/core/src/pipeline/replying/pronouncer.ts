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
  /** A clause is asked for twice: how long it is, and what the voice is given. */
  let last:
    | { readonly text: string; readonly tag: string; readonly words: boolean; readonly said: SpokenText }
    | undefined
  function say(text: string, words: boolean): SpokenText {
    const tag = language()
    if (last?.text !== text || last.tag !== tag || last.words !== words)
      last = { text, tag, words, said: pronounce(text, { ...table, language: tag, spokenForm: words }) }
    return last.said
  }
  return {
    forVoice: (text, { normalises }) => say(text, spokenForm === 'auto' ? !normalises : spokenForm === 'on'),
    inWords: (text) => say(text, true),
  }
}
