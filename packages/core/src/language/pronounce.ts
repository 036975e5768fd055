import { matchesOf } from './patterns/matches-of.ts'
import { prepareForSpeech, type SpeechTextOptions } from './prepare-for-speech.ts'
import { replacementEdits } from './replacements.ts'
import { spokenText } from './spoken-form/spoken-form.ts'
import {
  composeSpoken,
  createSpokenText,
  movedSpans,
  type Span,
  type SpokenEdit,
  type SpokenText,
} from './spoken-form/rules/spoken-text.ts'

export interface PronounceOptions extends SpeechTextOptions {
  /** What the text is written in, as a BCP 47 tag. */
  readonly language: string
  /** Whether numbers, dates and the like are written out in words; see `spokenForm`. */
  readonly spokenForm: boolean
}

/**
 * How a clause is given to the voice: by the pronunciation table, which comes first and is spoken as it stands, and in
 * words where they are wanted. `text` is what `prepareForSpeech` gave, whole or from some word on.
 */
export function pronounce(text: string, options: PronounceOptions): SpokenText {
  const { replacements = {}, language, spokenForm, ...rest } = options
  const prepared = preparedText(text, prepareForSpeech(text, rest))
  const edits = replacementEdits(prepared.spoken, replacements)
  const replaced = then(prepared, edits)
  const spaces = spaceEdits(replaced.spoken)
  const said = then(replaced, spaces)
  if (!spokenForm) return said
  return composeSpoken(said, spokenText(said.spoken, language, movedSpans(spokenSpans(edits), spaces)))
}

function then(said: SpokenText, edits: readonly SpokenEdit[]): SpokenText {
  return composeSpoken(said, createSpokenText(said.spoken, edits))
}

/** A rest of a clause may begin with a mark that is not spoken. */
function preparedText(text: string, clean: string): SpokenText {
  const start = text.indexOf(clean)
  if (start < 0) return createSpokenText(text, [{ start: 0, end: text.length, spoken: clean }])
  const outside = [
    { start: 0, end: start, spoken: '' },
    { start: start + clean.length, end: text.length, spoken: '' },
  ]
  return createSpokenText(
    text,
    outside.filter((edit) => edit.end > edit.start),
  )
}

const SPACES = /\s+/gu

/** A word that is not said leaves no space behind. */
function spaceEdits(text: string): SpokenEdit[] {
  const edits: SpokenEdit[] = []
  for (const { 0: space, index } of matchesOf(text, SPACES)) {
    const end = index + space.length
    const spoken = index === 0 || end === text.length ? '' : ' '
    if (spoken !== space) edits.push({ start: index, end, spoken })
  }
  return edits
}

/** Where what the edits say is in the text that they make. */
function spokenSpans(edits: readonly SpokenEdit[]): Span[] {
  let ahead = 0
  return edits.map(({ start, end, spoken }) => {
    const span = { start: start + ahead, end: start + ahead + spoken.length }
    ahead += spoken.length - (end - start)
    return span
  })
}
