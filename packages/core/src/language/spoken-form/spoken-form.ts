import { matchesOf } from '../patterns/matches-of.ts'
import { primaryLanguage } from '../tags/primary-language.ts'
import { ENGLISH_RULES } from './en/english-rules.ts'
import { HEBREW_RULES } from './he/hebrew-rules.ts'
import { editsOf, type SpokenRule } from './rules/spoken-rule.ts'
import {
  asWritten,
  composeSpoken,
  createSpokenText,
  movedSpans,
  type Span,
  type SpokenText,
} from './rules/spoken-text.ts'

const RULES: ReadonlyMap<string, readonly SpokenRule[]> = new Map([
  ['en', ENGLISH_RULES],
  ['he', HEBREW_RULES],
])

/** No text becomes longer than this many times itself. */
export const MAX_SPOKEN_GROWTH = 16

/** What is in words tells more of what stands beside it. Every pass leaves fewer figures, and few texts need a second. */
const MAX_PASSES = 6

/**
 * A text in words, as one who reads it aloud says it: numbers, money, dates, times, telephone numbers, units, short
 * forms, addresses and signs. `language`: a BCP 47 tag; its region tells the order of day and month. In a language
 * without rules, and wherever a text has two readings, it stays as it stands: the voice may know better.
 *
 * For text of `prepareForSpeech`. Idempotent, never throws, takes linear time.
 */
export function spokenForm(text: string, language: string): string {
  return spokenText(text, language).spoken
}

/** Expressions are compiled apart for texts with and without characters beyond Latin. */
const SAMPLES = ['At 9:30 on 3/14 it is $5.50 & 5 km.', 'At 9:30 on 3/14 it’s ₪5.50 & 5 km.']
/** The second use of an expression compiles it once more, into faster code. */
const WARMING_TIMES = 3
const warmed = new Set<string>()

/**
 * Compiles the rules of a language, once in a process. They are many, and compiled where they are first used, which
 * all together takes longer than a frame: before the first call, then, and one in a turn of the loop, since calls of
 * other pipelines may be on.
 */
export async function warmSpokenForm(language: string): Promise<void> {
  const code = primaryLanguage(language)
  if (warmed.has(code)) return
  warmed.add(code)
  for (const { pattern } of RULES.get(code) ?? []) {
    for (let time = 0; time < WARMING_TIMES; time++) for (const sample of SAMPLES) matchesOf(sample, pattern)
    await new Promise((resolve) => setImmediate(resolve))
  }
  for (const sample of SAMPLES) spokenForm(sample, language)
}

/** As `spokenForm`, with the way back to what was written. Pieces that are `taken` stay as they are. */
export function spokenText(text: string, language: string, taken: readonly Span[] = []): SpokenText {
  const rules = RULES.get(primaryLanguage(language))
  let said = asWritten(text)
  if (!rules) return said
  const [, ...subtags] = language.split(/[-_]/u)
  const region = subtags.find((subtag) => /^(?:[A-Za-z]{2}|\d{3})$/u.test(subtag))?.toUpperCase()
  let kept = taken
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const edits = editsOf(said.spoken, rules, { region, taken: kept })
    if (edits.length === 0) break
    kept = movedSpans(kept, edits)
    said = composeSpoken(said, createSpokenText(said.spoken, edits))
  }
  return said
}
