import { primaryLanguage } from '../tags/primary-language.ts'
import { createAbbreviations, type Abbreviations } from './abbreviations.ts'
import { LANGUAGES } from './tables/languages.ts'
import { isOrdinal } from './ordinals.ts'
import { wordsIn } from './tables/words-in.ts'

/** What the language of a text tells about its full stops. */
export interface SentenceRules extends Abbreviations {
  /** Whether `word`, in small letters, begins sentences more often than it continues a name. */
  isStarter(word: string): boolean
  /** Whether a number and a full stop between `before` and `next` (in small letters) is an ordinal: `im 3. Stock`. */
  isOrdinal(before: string, next: string): boolean
}

const RULES = new Map<string | undefined, SentenceRules>()

/**
 * The rules of a language given as a BCP 47 tag (`de-AT`). Without one, or in one that has no table, a text may be in
 * any language: all tables are looked through at once.
 */
export function sentenceRulesFor(tag: string | undefined): SentenceRules {
  const code = codeOf(tag)
  const known = RULES.get(code)
  if (known) return known
  const rules = createRules(code)
  RULES.set(code, rules)
  return rules
}

function codeOf(tag: string | undefined): string | undefined {
  const code = tag === undefined ? undefined : primaryLanguage(tag)
  return code !== undefined && LANGUAGES.has(code) ? code : undefined
}

function createRules(code: string | undefined): SentenceRules {
  const tables = code === undefined ? [...LANGUAGES.values()] : [LANGUAGES.get(code)!, LANGUAGES.get('en')!]
  const starters = new Set(tables.flatMap((table) => wordsIn(table.starters)))
  const isStarter = (word: string): boolean => starters.has(word)
  return {
    ...createAbbreviations(code),
    isStarter,
    // The other languages with a table write `2º`, `2e`, `2nd`, `2-й`.
    isOrdinal: (before, next) =>
      (code === undefined || code === 'de') && isOrdinal(before, next) && !isStarter(next),
  }
}
