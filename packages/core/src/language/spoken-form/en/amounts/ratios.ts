import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { cardinal, numberWords } from '../numbers/numbers.ts'

const RATIO_BEFORE =
  /(?:ratio|mix|mixture|odds|diluted?|dilution|scale|split)(?: (?:is|of|was|at|to|in a|by))?:?\s$/iu
const RATIO_BEHIND = /^ (?:ratio|mix|mixture|odds|dilution|scale|split|match|chance|leverage)\b/iu

/** `a ratio of 3:1`, `a 2:1 mix` */
const ratio: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<one>\d{1,4}):(?<other>\d{1,6})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ one, other }, { before, after, region }) {
    if (!RATIO_BEFORE.test(before) && !RATIO_BEHIND.test(after)) return undefined
    const words = numberWords(other!, region)
    return words && `${numberWords(one!, region)!} to ${words}`
  },
}

/** `24/7` */
const always: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪-])24\/7(?![\p{L}\p{N}_/:-])/gu,
  say: () => 'twenty-four seven',
}

const HALVES: Readonly<Record<string, string>> = { '50': 'fifty-fifty', '20': 'twenty-twenty' }

/** `50/50`, `50-50`; `20/20 vision` */
const halves: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<number>50|20)(?<mark>[/-])\k<number>(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say: ({ number, mark }) => (number === '50' || mark === '/' ? HALVES[number!] : undefined),
}

const SCORE_BEFORE =
  /(?:^|\s)(?:scores?|won|win|wins|lost|lose|beat|led|lead|leads|leading|trailing|tied|ended|finished|final|victory|defeat|result)(?: \p{L}+)?(?: (?:is|was|of|by|at|with|in|up|down))?\s$/iu

/** `won 3-2`, `the score was 112-98` */
const score: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<one>\d{1,3})[-–](?<other>\d{1,3})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ one, other }, { before, after, region }) {
    // "Won 3-5 days ago".
    if (!SCORE_BEFORE.test(before) || /^ (?:days|hours|weeks|months|years|times|minutes)\b/u.test(after))
      return undefined
    const words = numberWords(other!, region)
    return words && `${numberWords(one!, region)!} to ${words}`
  },
}

const MARK_BEFORE =
  /(?:^|\s)(?:rated|rates?|ratings?|scored?|scores?|grades?|graded|pain|level|severity|satisfaction|got|averages?|average)(?: \p{L}+)?(?: (?:is|was|of|it|us|at|as|a|an|with))?:?\s$/iu
const OUT_OF = new Set(['5', '10', '20', '50', '100'])

/** `rated 4.5/5`, `5/5 stars`, `a score of 85/100` */
const outOf: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<mark>\d{1,3}(?:\.\d{1,2})?)\/(?<most>\d{1,3})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ mark, most }, { before, after, region }) {
    const isMark =
      OUT_OF.has(most!) &&
      Number(mark) <= Number(most) &&
      (MARK_BEFORE.test(before) || /^ (?:stars?|points?|rating|score)\b/u.test(after) || mark!.includes('.'))
    return isMark ? `${numberWords(mark!, region)!} out of ${numberWords(most!, region)!}` : undefined
  },
}

/** `blood pressure is 120/80`, `120/80 mmHg` */
const bloodPressure: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<upper>\d{2,3})\/(?<lower>\d{2,3})(?<unit> ?mm ?Hg)?(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ upper, lower, unit }, { before, region }) {
    if (unit === undefined && !/(?:blood pressure|\bBP)\b[^.\d]{0,24}$/iu.test(before)) return undefined
    const words = `${numberWords(upper!, region)!} over ${numberWords(lower!, region)!}`
    return unit === undefined ? words : `${words} millimeters of mercury`
  },
}

/** `9-to-5`, `2-for-1`, `3-in-1` */
const joined: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<one>\d{1,2})-(?<word>to|for|in|on|by|and)-(?<other>\d{1,2})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say: ({ one, word, other }) => `${cardinal(Number(one))}-${word}-${cardinal(Number(other))}`,
}

export const RATIOS = [always, ratio, halves, score, bloodPressure, outOf, joined]
