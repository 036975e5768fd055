import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { isCounted } from '../../rules/code-cue.ts'
import { perName } from './unit-names.ts'
import { numberWords, rangeWord } from '../numbers/numbers.ts'

/** Behind these it is how often or how much; behind others, `2x large pizza`, how many. */
const TIMES =
  /^(?:$|[.,;:!?)]| (?:an?|per|daily|weekly|monthly|yearly|annually|each|every|faster|slower|more|less|as|the|higher|lower|better|larger|bigger|smaller|cheaper|stronger|longer|in|this|that|over|on|and|or|your|zoom|speed|magnification|points|rewards|miles|growth|return)(?!\p{L}))/iu

/** `2x a day`, `10x faster`, `1.5×`; `2x Margherita` is an order. */
const times: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪*-])(?<number>\d{1,4}(?:\.\d{1,2})?)[xX×](?:\/(?<per>day|week|month|year|hour|wk|mo|yr)\b|(?=$|[\s.,;:!?)]))(?! ?\d)/gu,
  say({ number, per }, { after, region }) {
    const words = numberWords(number!, region)
    if (words && per !== undefined) return `${words} times per ${perName(per)!}`
    return words && (TIMES.test(after) ? `${words} times` : words)
  },
}

/** `Margherita x2`; "x64" is a machine. */
const timesBehind: SpokenRule = {
  pattern: /(?<=[\p{L})] )[x×] ?(?<number>1?\d|20)(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say: ({ number }, { region }) => `times ${numberWords(number!, region)!}`,
}

const SCALES: Readonly<Record<string, string>> = {
  k: 'thousand',
  K: 'thousand',
  M: 'million',
  m: 'million',
  mn: 'million',
  B: 'billion',
  bn: 'billion',
  tn: 'trillion',
}

/** What is written so is no number of things: `seat 12K`, `a 4K screen`, `18K gold`. */
const NAMED_BEFORE =
  /(?:^|\s)(?:seat|row|gate|room|apt\.?|apartment|unit|suite|flat|building|platform|line|bus|route|exit|locker|section|zone|bay|size|number|no\.|#)\s?$/iu
const LETTER_BEHIND =
  /^[ -](?:tv|televisions?|video|screens?|display|monitors?|resolution|uhd|streaming|cameras?|gold|karat|carat|white gold)\b/iu
const RACE_BEHIND = /^[ -](?:run|race|walk|jog|steps? challenge)\b/iu
const PEOPLE_BEHIND =
  /^ (?:people|users|customers|visitors|subscribers|households|residents|members|downloads|views|jobs|patients|students)\b/u

function isScaled(number: string, short: string, after: string): boolean {
  const isDecimal = number.includes('.')
  if (short === 'm' || short === 'mn') return PEOPLE_BEHIND.test(after)
  if (short === 'B') return isDecimal || isCounted(after) || PEOPLE_BEHIND.test(after)
  // The company.
  if (short === 'M') return isDecimal || number !== '3' || isCounted(after)
  return !/^[48]$/u.test(number) || !/^$|^[.,;!?]/u.test(after) || short === 'k'
}

/** `1.2M`, `3k`, `12K`, `2bn`, `40K+` */
const scaled: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪¥₹*-])(?:(?<from>\d{1,4}(?:\.\d)?)[kKM]? ?[-–] ?)?(?<number>\d{1,4}(?:\.\d{1,3})?)(?<short>[kKMB]|mn|bn|tn|m)(?<plus>\+)?(?![\p{L}\p{N}_%/])/gu,
  say({ from, number, short, plus }, { before, after, region }) {
    if (NAMED_BEFORE.test(before)) return undefined
    const words = numberWords(number!, region)
    if (words === undefined) return undefined
    if (/[kK]/u.test(short!) && (LETTER_BEHIND.test(after) || RACE_BEHIND.test(after))) return `${words} K`
    if (!isScaled(number!, short!, after)) return undefined
    const first = from === undefined ? '' : `${numberWords(from, region)!} ${rangeWord(before)} `
    return `${first}${words} ${SCALES[short!]!}${plus ? ' plus' : ''}`
  },
}

const HUNDREDS: Readonly<Record<string, string>> = {
  '10': 'tens',
  '100': 'hundreds',
  '1000': 'thousands',
  '10000': 'tens of thousands',
  '100000': 'hundreds of thousands',
}

/** `100s of people`, `1,000s` */
const many: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<number>10|100|1,?000|10,?000|100,?000)['’]?s(?= of\b)/gu,
  say: ({ number }) => HUNDREDS[number!.replace(',', '')],
}

export const MULTIPLES = [many, times, timesBehind, scaled]
