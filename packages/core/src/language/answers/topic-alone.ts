import { spokenWords } from '../spoken-words.ts'
import { createPhraseSet, phrasesOf } from '../phrase-set.ts'
import { primaryLanguage } from '../tags/primary-language.ts'
import { isAdjunctAlone } from '../utterance/opening-alone.ts'
import { isThingAlone } from '../utterance/thing-alone.ts'

/** How callers bring something up before they say what they want of it, one entry per language. */
interface TopicWords {
  readonly openers: readonly string[]
  /** With more words than this behind an opener the matter itself has been told. */
  readonly withinWords: number
}

const ENGLISH: TopicWords = {
  openers: phrasesOf(`
    i have, i've, i've got, i got, i had, we have, we've got, we had, there is, there's, there was, it's about,
    it is about, this is about, i'm calling about, i am calling about, i'm calling because of, i'm phoning about,
    i am phoning about, about, regarding, concerning`),
  withinWords: 3,
}

const HEBREW: TopicWords = {
  openers: phrasesOf(`
    יש לי, יש לנו, היה לי, היתה לי, הייתה לי, היו לי, קבעתי, זה לגבי, זה בקשר, זה בנוגע, לגבי, בקשר, בנוגע, אני מתקשר לגבי,
    אני מתקשרת לגבי, אני מתקשר בקשר, אני מתקשרת בקשר, אני מתקשר בנוגע, אני מתקשרת בנוגע`),
  withinWords: 2,
}

const JUDGES: ReadonlyMap<string, (words: readonly string[]) => boolean> = new Map(
  (
    [
      ['en', ENGLISH],
      ['he', HEBREW],
    ] as const
  ).map(([language, words]) => [language, createJudge(words)]),
)

/**
 * Whether the caller has brought something up and said no more of it yet: "I have an appointment", "it's about my
 * bill", "the parcel that I sent", "because of the storm". It may be all, and yet most callers go on.
 * @param language BCP 47 tag of the call; a language without words gives `false`.
 */
export function isTopicAlone(text: string, language: string): boolean {
  const words = spokenWords(text)
  const named = JUDGES.get(primaryLanguage(language))?.(words) ?? false
  return named || isThingAlone(words, language) || isAdjunctAlone(words, language)
}

function createJudge({ openers, withinWords }: TopicWords): (words: readonly string[]) => boolean {
  const set = createPhraseSet(openers)
  return (words) => set.isStartOf(words) && set.behindStart(words).length <= withinWords
}
