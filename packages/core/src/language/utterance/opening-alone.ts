import { createPhraseSet, phrasesOf, type PhraseSet } from '../phrase-set.ts'
import { primaryLanguage } from '../tags/primary-language.ts'

/** What stands before a sentence and is none, one entry per language. */
interface OpeningWords {
  /** Said by itself, it opens what one is about to say. */
  readonly alone: PhraseSet
  /** With some words behind it, it says why, when or where: "because of the storm". */
  readonly adjuncts: PhraseSet
  /** With more words than this behind such a word the sentence has most likely begun. */
  readonly mostBehindAdjunct: number
  /** Begins the thing that a sentence is about, as a clause: "what I really want". */
  readonly clefts: PhraseSet
  /** The sentence has its verb. */
  readonly verbs: ReadonlySet<string>
  readonly mostInCleft: number
}

const ENGLISH: OpeningWords = {
  alone: createPhraseSet(
    phrasesOf(`
    to be honest, to be frank, honestly, frankly, to tell you the truth, the truth is, in fact, as a matter of fact, first of all,
    first off, for one thing, by the way, look, listen, see, as i said, like i said, as you know, you see, so basically,
    the thing is, in that case, if possible, if that's possible, on the other hand, in the meantime, okay so, alright so,
    right so, hi, hello there, good morning, good afternoon, good evening`),
  ),
  adjuncts: createPhraseSet(
    phrasesOf(`
    because of, due to, instead of, according to, apart from, as for, after, before, during, despite, until, since, without,
    with all, in case of, in the, on the, at the, at first, every time, each time, last time, the last time, the first time,
    whenever, ever since, for the last, for the past, over the last, over the past, in order to`),
  ),
  mostBehindAdjunct: 4,
  clefts: createPhraseSet(
    phrasesOf('what i, what we, all i, all we, the reason i, the reason we, the thing i, the only thing i'),
  ),
  verbs: new Set(['is', 'was', "isn't", "wasn't", 'are', 'were', 'what', 'will', 'would']),
  mostInCleft: 7,
}

const HEBREW: OpeningWords = {
  alone: createPhraseSet(
    phrasesOf(`
    האמת, האמת היא, האמת ש, בעיקרון, קודם כל, דבר ראשון, קודם, אגב, דרך אגב, כמו שאמרתי, כמו שאתה יודע, כמו שאת יודעת, תראה, תראי, תשמע,
    תשמעי, בקיצור, למען האמת, אם לומר את האמת, במקרה הזה, אם אפשר, מצד שני, בינתיים, שלום, בוקר טוב, ערב טוב, צהריים טובים`),
  ),
  adjuncts: createPhraseSet(
    phrasesOf(`
    בגלל, אחרי, לפני, במהלך, במשך, למרות, מאז, עקב, בעקבות, לפי, חוץ מ, במקום, בכל פעם, כל פעם, בפעם האחרונה, בפעם הראשונה, עד`),
  ),
  mostBehindAdjunct: 3,
  clefts: createPhraseSet(
    phrasesOf('מה שאני, מה שאנחנו, כל מה שאני, הסיבה שאני, הדבר שאני, הדבר היחיד שאני'),
  ),
  verbs: new Set(['זה', 'הוא', 'היא', 'הם', 'הן', 'היה', 'הייתה']),
  mostInCleft: 6,
}

const LANGUAGES: ReadonlyMap<string, OpeningWords> = new Map([
  ['en', ENGLISH],
  ['he', HEBREW],
])

/** "to be honest", "what I really want": a sentence must follow. */
export function isOpeningAlone(words: readonly string[], language: string): boolean {
  const known = LANGUAGES.get(primaryLanguage(language))
  if (known === undefined) return false
  if (known.alone.has(words)) return true
  const { clefts, verbs, mostInCleft } = known
  if (!clefts.isStartOf(words) || words.length > mostInCleft) return false
  return clefts.behindStart(words).length > 0 && !clefts.behindStart(words).some((word) => verbs.has(word))
}

/** "because of the storm", "after the update": a sentence follows, most often. */
export function isAdjunctAlone(words: readonly string[], language: string): boolean {
  const known = LANGUAGES.get(primaryLanguage(language))
  if (!known?.adjuncts.isStartOf(words)) return false
  const behind = known.adjuncts.behindStart(words).length
  return behind > 0 && behind <= known.mostBehindAdjunct
}
