import { hasWords } from './boundaries/clause-marks.ts'
import { applyReplacements, type Replacements } from './replacements.ts'
import { sayMenuKeys } from './speech/bracketed.ts'
import { decodeReferences } from './speech/character-references.ts'
import { stripCitations } from './speech/citations.ts'
import { sayFormulas } from './speech/formulas.ts'
import { stripHtml } from './speech/html.ts'
import { stripJsonKeys } from './speech/json-marks.ts'
import { stripInlineMarks, stripLineMarks } from './speech/markup.ts'
import { sayMaskedNumbers } from './speech/masked-numbers.ts'
import { stripPlaceholders } from './speech/placeholders.ts'
import { plainLetters } from './speech/plain-letters.ts'
import { stripStageDirections } from './speech/stage-directions.ts'
import { stripInvisible, stripSymbols, tidyPunctuation } from './speech/unspoken.ts'
import { stripVoiceMarks } from './speech/voice-marks.ts'
import { sayWebAddresses, type UrlSpeech } from './speech/web-addresses.ts'

export interface SpeechTextOptions {
  /** Pronunciation table; see `Replacements`. Hand in the same object each time: it is prepared once. */
  readonly replacements?: Replacements
  /** Whether the domain of a web address is said, or nothing of it. Default `domain`. */
  readonly urls?: UrlSpeech
}

/**
 * A clause as it should be spoken: markdown, HTML, emoji, web addresses, control characters and repeated
 * punctuation taken away, then the pronunciation table applied. One line, no white space at the edges; `''` when
 * nothing speakable is left, as of a clause of emoji alone. Called for every clause before it is given to the
 * voice; the history keeps the text that was spoken.
 *
 * Idempotent, as long as the table's replacements contain none of its keys and no markup.
 */
export function prepareForSpeech(text: string, options: SpeechTextOptions = {}): string {
  const { replacements, urls = 'domain' } = options
  const plain = withoutMarkup(text, urls)
  if (!hasWords(plain)) return ''
  return replacements ? applyReplacements(plain, replacements).replace(/\s+/gu, ' ').trim() : plain
}

/** Taking one mark away may lay bare another. Every pass shortens the text or is the last. */
function withoutMarkup(text: string, urls: UrlSpeech): string {
  let rest = text
  for (;;) {
    const next = tidyPunctuation(STEPS.reduce((said, step) => step(said, urls), rest))
    if (next === rest) return rest
    rest = next
  }
}

/** In this order: what a step takes away must not look like something else to one before it. */
const STEPS: readonly ((text: string, urls: UrlSpeech) => string)[] = [
  stripCitations,
  stripInvisible,
  plainLetters,
  decodeReferences,
  stripVoiceMarks,
  stripJsonKeys,
  sayFormulas,
  stripPlaceholders,
  sayMaskedNumbers,
  stripLineMarks,
  sayMenuKeys,
  stripHtml,
  stripStageDirections,
  stripInlineMarks,
  sayWebAddresses,
  stripSymbols,
]
