import { figuresOf } from '../../rules/figures.ts'
import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { countedNoun, countedNounOf, countWords, guessedNoun, knownCountWords } from '../numbers/nouns.ts'
import { cardinal, figureWords, numberWords, ordinalWord } from '../numbers/numbers.ts'
import { withPrefix } from '../numbers/prefixes.ts'

/** Behind these a number is a name: what follows is not counted by it. */
const LABEL =
  /(?:^|\s)[והבכלמש]{0,3}(?:שעה|קומה|חדר|שער|דירה|קו|רציף|מספר|מס['׳]|שלוחה|עמוד|סעיף|הקש|הקישו|הקישי|לחץ|לחצו|לחצי|אפשרות|שלב|תחנה|מסלול|כיתה|גיל|בן|בת|כביש|טרמינל|סניף|בנק|עד)\s$/u
const NUMBERED = new Set(
  'קו סניף חדר שלב צעד טופס חלק תשלום מספר פריט תיק מוקד מסמך רחוב תור כרטיס מוצר יום'.split(' '),
)

/** `5 שקלים`, `ב-2 דקות`, `1,200 אנשים`, `3 הימים`, `3 ימי עסקים` */
const counted: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<prefix>[והבכלמש]{1,3}[-־])?(?<number>\d[\d.,]{0,25}) (?<noun>[א-ת]{2,12})(?![\p{L}\p{N}_"״'׳])/gu,
  say({ prefix, number, noun: written }, { before }) {
    const figures = figuresOf(number!)
    if (!figures) return undefined
    const noun = countedNoun(written!)
    if (noun) return withPrefix(prefix, countWords(figures, noun, written!))
    const ofMore = countedNounOf(written!)
    if (ofMore && figures.whole !== 1) return withPrefix(prefix, countWords(figures, ofMore, written!))
    if (figures.whole < 2) return undefined
    const isLabel = prefix === undefined && LABEL.test(before)
    const definite = written!.startsWith('ה') ? written!.slice(1) : ''
    const known = countedNoun(definite) ?? (isLabel ? undefined : guessedNoun(definite))
    if (known) {
      if (figures.decimals !== '') return undefined
      return withPrefix(prefix?.replace(/ה(?=[-־]$)/u, ''), knownCountWords(figures.whole, known, written!))
    }
    const guessed = isLabel ? undefined : guessedNoun(written!)
    return guessed && withPrefix(prefix, countWords(figures, guessed, written!))
  },
}

/** `כדור 1`: one of a thing, and not the first of its kind. */
const one: SpokenRule = {
  pattern: /(?<=(?<![א-ת])(?<noun>[א-ת]{2,8}) )1(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ noun: written }) {
    const noun = countedNoun(written!)
    return noun?.isOne && noun.gender === 'masculine' && !NUMBERED.has(written!) ? 'אחד' : undefined
  },
}

/** `2 או 3 אנשים`, `מ-2 עד 4 ימים`, `בין 2 ל-4 ימים`: what is counted is said once. */
const countedTwice: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<prefix>[והבכלמש]{1,3}[-־])?(?<from>\d{1,7}) (?<word>או |ו?עד ל[-־]|ו?עד[- ־]|ל[-־])(?<to>\d{1,7}) (?<noun>[א-ת]{2,12})(?![\p{L}\p{N}_"״'׳])/gu,
  say({ prefix, from, word, to, noun: written }, { before }) {
    if (prefix === undefined && LABEL.test(before)) return undefined
    const noun = countedNoun(written!) ?? countedNounOf(written!) ?? guessedNoun(written!)
    const low = figuresOf(from!)
    const high = figuresOf(to!)
    if (!noun || !low || !high || high.whole < 2) return undefined
    const between =
      word!.endsWith('ל-') || word!.endsWith('ל־') ? word!.slice(0, -1) : `${word!.slice(0, -1)} `
    return withPrefix(
      prefix,
      `${cardinal(low.whole, noun.gender)} ${between}${countWords(high, noun, written!)}`,
    )
  },
}

/** `3-5 ימים`, `1-2 ימי עסקים` */
const countedRange: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<prefix>[והבכלמש]{1,3}[-־])?(?<from>\d{1,7}) ?[-–] ?(?<to>\d{1,7}) (?<noun>[א-ת]{2,12})(?![\p{L}\p{N}_"״'׳])/gu,
  say({ prefix, from, to, noun: written }) {
    const noun = countedNoun(written!) ?? countedNounOf(written!)
    const low = figuresOf(from!)
    const high = figuresOf(to!)
    if (!noun || !low || !high || low.whole >= high.whole) return undefined
    return withPrefix(prefix, `${cardinal(low.whole, noun.gender)} עד ${countWords(high, noun, written!)}`)
  },
}

/** `הקומה ה-3`, `בפעם ה-2`: up to ten, beyond which the numbers themselves are said. */
const ordinal: SpokenRule = {
  pattern: /(?<=(?<![א-ת])(?<noun>[א-ת]{2,9}) )ה[-־](?<number>10|[1-9])(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ noun: written, number }) {
    const noun = [0, 1, 2]
      .map((letters) => countedNoun(written!.slice(letters)))
      .find((found, letters) => found?.isOne === true && /^[והבכלמש]*$/u.test(written!.slice(0, letters)))
    return noun && `ה${ordinalWord(Number(number), noun.gender)}`
  },
}

const RANGED =
  /(?:^|\s)[והבכלמש]{0,2}(?:עמוד|עמודים|חודשים|עמ['׳]|גיל|גילאי|גילאים|בני|שלבים|שעות|בין|סעיפים|כיתות|קומות)\s$/u

/** `3-5`: rising; "3-2" is a score. */
const range: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪#*-])(?<prefix>[והבכלמש]{1,3}[-־])?(?<from>\d[\d,]{0,9}) ?[-–] ?(?<to>\d[\d,]{0,9})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ prefix, from, to }, { whole, before, after }) {
    const low = figuresOf(from!)
    const high = figuresOf(to!)
    if (!low || !high || low.whole >= high.whole) return whole
    if (!/^ [א-ת]{2}/u.test(after) && !RANGED.test(before)) return whole
    return withPrefix(prefix, `${cardinal(low.whole)} עד ${cardinal(high.whole)}`)
  },
}

/** `10%`, `ב-5.5%`, `10-15%` */
const percent: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<prefix>[והבכלמש]{1,3}[-־])?(?:(?<from>\d{1,6})%? ?[-–] ?)?(?<number>[-−]?\d[\d,]{0,9}(?:\.\d{1,9})?) ?%(?![\p{L}\p{N}_])/gu,
  say({ prefix, from, number }) {
    const figures = figuresOf(number!)
    const noun = countedNoun('אחוזים')!
    const first = from === undefined ? undefined : figuresOf(from)
    if (!figures || (from !== undefined && !first)) return undefined
    const low = first ? `${cardinal(first.whole, noun.gender)} עד ` : ''
    return withPrefix(prefix, low + countWords(figures, noun, 'אחוזים'))
  },
}

const FRACTIONS: Readonly<Record<string, string>> = {
  '1/2': 'חצי',
  '½': 'חצי',
  '1/4': 'רבע',
  '¼': 'רבע',
  '3/4': 'שלושה רבעים',
  '¾': 'שלושה רבעים',
  '1/3': 'שליש',
  '⅓': 'שליש',
  '2/3': 'שני שלישים',
  '⅔': 'שני שלישים',
}

/** Of something that is named behind them: `3/4 שעה`. */
const OF_SOMETHING: Readonly<Record<string, string>> = {
  '3/4': 'שלושת רבעי',
  '¾': 'שלושת רבעי',
  '2/3': 'שני שלישי',
  '⅔': 'שני שלישי',
}

/** `1/2`, `2½` */
const fraction: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<prefix>[והבכלמש]{1,3}[-־])?(?:(?<whole>\d{1,3})(?: |(?=[½¼¾⅓⅔])))?(?<part>[1-3]\/[234]|[½¼¾⅓⅔])(?![\p{L}\p{N}_/:%-]|[.,]\d)/gu,
  say({ prefix, whole, part }, { after }) {
    const said =
      whole === undefined && /^ (?:שעה|שנה|(?![מבלוש])[א-ת]{2}|[קסמ]["״])/u.test(after)
        ? (OF_SOMETHING[part!] ?? FRACTIONS[part!])
        : FRACTIONS[part!]
    if (said === undefined) return undefined
    return withPrefix(prefix, whole === undefined ? said : `${cardinal(Number(whole))} ו${said}`)
  },
}

/** `1.2.3`, `3-2`, `10:30:1`: versions, scores and the like stand as they are. */
const compound: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_])\d{1,40}(?:[.,:/-]\d{1,40}){1,20}(?![\p{L}\p{N}_])/gu,
  say: (_groups, { whole }) => (figuresOf(whole) ? undefined : whole),
}

/** `24/7` */
const always: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪-])24\/7(?![\p{L}\p{N}_/:-])/gu,
  say: () => 'עשרים וארבע שבע',
}

/** Any other number by itself, and those with a prefix. A year is read as a number. */
const numbers: SpokenRule = {
  pattern:
    /(?<=^|[\s("“„‘'«[~≈])(?<prefix>[והבכלמש]{1,3}[-־])?(?<sign>[-−](?=\d))?(?<number>\d[\d.,]{0,40})(?=$|[\s)"”’'»\]…!?;:])/gu,
  say({ prefix, sign = '', number }, { before, whole }) {
    const bare = number!.replace(/[.,]$/u, '')
    const figures = figuresOf(sign + bare)
    if (!figures) return undefined
    if (sign !== '' && /\p{N}\s$/u.test(before)) return whole
    // "5(1)" is one.
    if (/[\p{L}\p{N})]\($/u.test(before)) return whole
    const space = /\p{L}['׳’]$/u.test(before) ? ' ' : ''
    return space + withPrefix(prefix, figureWords(figures)) + number!.slice(bare.length)
  },
}

/** `מספר #5` */
const hashed: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_#&])#(?<number>\d{1,3})(?![\p{L}\p{N}_:/%#*-]|[.,]\d)/gu,
  say({ number }, { before }) {
    if (/(?:^|\s)[ולש]?(?:הקש|הקישו|הקישי|לחץ|לחצו|לחצי|מקש|או)\s$/u.test(before)) return undefined
    const words = numberWords(number!)
    return words === undefined ? undefined : /מספר\s$/u.test(before) ? words : `מספר ${words}`
  },
}

export const ALWAYS = [always]
export const PERCENT_AND_FRACTIONS = [percent, fraction]
export const COUNTS = [ordinal, countedTwice, countedRange, counted, one, range, compound, hashed, numbers]
