import { LANGUAGES } from './tables/languages.ts'
import type { SentenceWords } from './tables/sentence-words.ts'
import { wordsIn } from './tables/words-in.ts'

/** What a full stop behind a word may mean; see `SentenceWords`. */
export type AbbreviationKind = (typeof CAUTIOUS_FIRST)[number]

const CAUTIOUS_FIRST = ['never', 'name', 'number', 'end'] as const

/** Short forms of a text in one language, or in any. Words are written without their last stop. */
export interface Abbreviations {
  /** `undefined` for a plain word. */
  kindOf(word: string): AbbreviationKind | undefined
  /** The kind of one written with spaces, of which `word` is the last part: `z. B.`, `EE. UU.`, `т. д.`. */
  spacedKindOf(before: string, word: string): AbbreviationKind | undefined
}

/** `language`: an ISO 639 code of `LANGUAGES`; `undefined` when the text may be in any of them. */
export function createAbbreviations(language: string | undefined): Abbreviations {
  const listed = language === undefined ? inAny(ALL) : inOne(language)

  function kindOf(word: string): AbbreviationKind | undefined {
    const kind = listed(word) ?? listedBehindPrefix(word)
    if (kind) return kind
    // Behind a hyphen stands a word of its own: "Tel.-Nr. 5".
    const hyphen = Math.max(word.lastIndexOf('-'), word.lastIndexOf('–'))
    if (hyphen > 0 && hyphen < word.length - 1) return kindOf(word.slice(hyphen + 1))
    return unlistedKind(word)
  }

  /** `l'Avv.`, `d’env.`, `לפרופ.` */
  function listedBehindPrefix(word: string): AbbreviationKind | undefined {
    const bare = word.replace(ELISION, '').replace(HEBREW_PREFIX, '')
    return bare === word ? undefined : listed(bare)
  }

  return {
    kindOf,
    spacedKindOf(before, word) {
      let joined = word
      for (const part of before.slice(-MAX_SPACED_CHARS).trimEnd().split(/\s/u).reverse()) {
        if (!/^\p{L}{1,3}\.$/u.test(part)) return undefined
        joined = part + joined
        const kind = listed(joined)
        if (kind) return kind
      }
      return undefined
    },
  }
}

type Kinds = ReadonlyMap<string, AbbreviationKind>
type Lookup = (word: string) => AbbreviationKind | undefined

const MAX_SPACED_CHARS = 12
const ELISION = /^\p{L}{1,5}['’](?=\p{L}{2})/u
const HEBREW_PREFIX = /^[והבכלמש]{1,2}(?=\p{Script=Hebrew}{2})/u

/** Where two lists have a word, the one that cuts less often wins. */
function kindsOf(languages: readonly SentenceWords[]): Kinds {
  return new Map(
    CAUTIOUS_FIRST.toReversed().flatMap((kind) =>
      languages.flatMap((language) => wordsIn(language[kind]).map((word) => [word, kind] as const)),
    ),
  )
}

const ALL = kindsOf([...LANGUAGES.values()])

function inAny(kinds: Kinds): Lookup {
  // "J. P. Hart", but "see p. 5".
  return (word) => kinds.get(word) ?? (word.length > 1 ? kinds.get(word.toLowerCase()) : undefined)
}

/**
 * First the language's own. Of the others only what can be no plain word of it: dotted ones, titles with a capital,
 * and names of English with one: "S.p.A.", "Sig.", "Inc.", but no "sec", which is a word of English.
 */
function inOne(language: string): Lookup {
  const own = inAny(kindsOf([LANGUAGES.get(language)!]))
  const english = inAny(kindsOf([LANGUAGES.get('en')!]))
  const any = inAny(ALL)

  function foreign(word: string): AbbreviationKind | undefined {
    if (/.\../u.test(word)) return any(word)
    if (!/^\p{Lu}/u.test(word)) return undefined
    return english(word) ?? (any(word) === 'never' ? 'never' : undefined)
  }

  return (word) => own(word) ?? foreign(word)
}

/** By its form alone. */
function unlistedKind(word: string): AbbreviationKind | undefined {
  // Initials and dotted letters, "l'O.N.U." too; "so do I." and 「好.」 are words.
  if (/^(?:\p{L}{1,2}['’])?(?:\p{L}\.)*\p{Lu}$/u.test(word)) return word === 'I' ? undefined : 'name'
  if (/^\p{Ll}$/u.test(word)) return 'name'
  if (/^(?:\p{L}{1,2}['’])?(?:\p{L}\.)+\p{L}$/u.test(word)) return 'never'
  if (/^[\p{Script=Hebrew}\p{Script=Arabic}]['׳’]?$/u.test(word)) return 'never'
  // German and Dutch join it to what is numbered: "Kundennr. 12", "Ordernr. 5".
  if (/^\p{L}{3,}nr$/u.test(word)) return 'number'
  return isStreet(word) || isRoman(word) || lacksVowels(word) ? 'name' : undefined
}

/** `Hauptstr.` */
function isStreet(word: string): boolean {
  return /^\p{Lu}\p{Ll}{2,}str$/u.test(word)
}

/** `Friedrich II.` */
function isRoman(word: string): boolean {
  return /^[IVX]{2,5}$/.test(word)
}

const VOWEL = /[aeiouyæœøаеёиоуыэюяіїє]/u

/** `Mbit.`, `rdv.`, `тлф.`: no word is spoken so. Not "TV.", and not "Hmm." */
function lacksVowels(word: string): boolean {
  const short = /^[\p{Script=Latin}\p{Script=Cyrillic}]{2,6}$/u.test(word)
  if (!short || /^(?:\p{Lu}+|[HhMmPpSsTt]+)$/u.test(word)) return false
  return !VOWEL.test(word.normalize('NFD').toLowerCase())
}
