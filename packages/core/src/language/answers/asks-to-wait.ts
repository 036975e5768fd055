import { spokenWords } from '../spoken-words.ts'
import { createPhraseSet, phrasesOf } from '../phrase-set.ts'
import { primaryLanguage } from '../tags/primary-language.ts'

/**
 * The words by which a caller asks the agent to wait, one entry per language: `anywhere` in what they say, or `alone`,
 * with hardly anything beside them.
 */
interface WaitWords {
  readonly anywhere: readonly string[]
  readonly alone: readonly string[]
}

const ENGLISH: WaitWords = {
  anywhere: phrasesOf(`
    hold on, hang on, hold the line, bear with me, one moment, one second, one sec, one minute, just a moment,
    just a second, just a sec, just a minute, give me a moment, give me a second, give me a sec, give me a minute,
    wait a moment, wait a second, wait a sec, wait a minute, let me check, let me look, let me find, let me get, let me grab,
    let me ask, i'll check, i'll look, i need to check, i have to check, i'm checking, i'm looking for, i'm looking it up`),
  alone: phrasesOf('wait, please wait, a moment, a second, a minute, moment'),
}

const HEBREW: WaitWords = {
  anywhere: phrasesOf(`
    רגע אחד, שנייה אחת, שניה אחת, דקה אחת, רק רגע, רק שנייה, רק שניה, רק דקה, תן לי רגע, תני לי רגע, תן לי שנייה,
    תני לי שנייה, תן לי לבדוק, תני לי לבדוק, חכה רגע, חכי רגע, תחכה רגע, תחכי רגע, תמתין, תמתיני, אני בודק, אני בודקת,
    אני אבדוק, אני מחפש, אני מחפשת, אני צריך לבדוק, אני צריכה לבדוק`),
  alone: phrasesOf('רגע, שנייה, שניה, דקה, חכה, חכי, תחכה, תחכי'),
}

/** With more words than this beside it, a word that is listed as `alone` is part of something else. */
const ALONE_WITHIN_WORDS = 3

const JUDGES: ReadonlyMap<string, (words: readonly string[]) => boolean> = new Map(
  (
    [
      ['en', ENGLISH],
      ['he', HEBREW],
    ] as const
  ).map(([language, words]) => [language, createJudge(words)]),
)

/**
 * The caller asks the agent to wait while they look something up: "hold on", "let me check", "רגע". A question is none.
 * @param language BCP 47 tag of the call; a language without words gives `false`.
 */
export function asksToWait(said: string, language: string): boolean {
  if (/[?？]\s*$/u.test(said)) return false
  const judge = JUDGES.get(primaryLanguage(language))
  return judge?.(spokenWords(said)) ?? false
}

function createJudge({ anywhere, alone }: WaitWords): (words: readonly string[]) => boolean {
  const whole = createPhraseSet(anywhere)
  const short = createPhraseSet(alone)
  return (words) => whole.isIn(words) || (words.length <= ALONE_WITHIN_WORDS && short.isIn(words))
}
