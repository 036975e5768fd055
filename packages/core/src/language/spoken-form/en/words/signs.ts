import type { SpokenRule } from '../../rules/spoken-rule.ts'

const OPERATORS: Readonly<Record<string, string>> = {
  '+': 'plus',
  '×': 'times',
  x: 'times',
  '*': 'times',
  '÷': 'divided by',
  '=': 'equals',
  '<': 'is less than',
  '>': 'is more than',
  '≤': 'is at most',
  '≥': 'is at least',
  '≈': 'is about',
  '≠': 'is not',
  '±': 'plus or minus',
}

/** `2 + 3 = 5`: between numbers and spaces; "800x600" and "*21*3" are sizes and keys. A hyphen between spaces is a dash more often than a minus. */
const operators: SpokenRule = {
  pattern: /(?<=[\p{N}%)]) (?<sign>[+×x*÷=<>≤≥≈≠±]) (?=[-−]?[$€£₪]?\p{N})/gu,
  say: ({ sign }) => ` ${OPERATORS[sign!]!} `,
}

/** `10 - 3 = 7`, `10 / 2 = 5`: what is a sum says so. */
const sum: SpokenRule = {
  pattern: /(?<=[\p{N}%)]) (?<sign>[-−–/]) (?=[$€£₪]?\p{N}[\p{N}.,]{0,15} ?=)/gu,
  say: ({ sign }) => (sign === '/' ? ' divided by ' : ' minus '),
}

/** `+5`, `+$20`: a change, where no telephone number is. */
const plus: SpokenRule = {
  pattern: /(?<=^|[\s(])\+(?=[$€£₪]?\d)/gu,
  say: () => 'plus ',
}

/** `$50 + tax`, `pizza + drink` */
const added: SpokenRule = { pattern: /(?<=[\p{L}\p{N}%)²³]) \+ (?=[\p{L}\p{N}$€£₪(])/gu, say: () => ' plus ' }

const POWERS: Readonly<Record<string, string>> = { '²': ' squared', '³': ' cubed' }

/** `x²`, `5³`: of units they are `square` and `cubic`. */
const power: SpokenRule = {
  pattern: /(?<=(?<![\p{L}\p{N}/])(?:\p{L}|\d{1,4}))(?<power>[²³])(?![\p{L}\p{N}²³⁰-⁹])/gu,
  say: ({ power }) => POWERS[power!],
}

/** `press # to`, `the * key`: as the region calls the keys of the phone. */
const key: SpokenRule = {
  pattern:
    /(?<=(?<!\p{L})(?:press|press the|hit|push|dial|enter|key|then|or|and|the|a|by) )(?<key>[#*])(?=$|[\s.,;!?)])/giu,
  say({ key }, { before, after, region }) {
    const isPressed = /(?<![.\p{L}])(?:press|hit|push|dial|enter|key)\b[^.!?]{0,24}$/iu.test(before)
    const isOffered = /\b(?:or|and)\s$/iu.test(before) && /^ (?:to|for) \p{L}/u.test(after)
    const isKey = isPressed || isOffered || /^ (?:key|sign|button)\b/iu.test(after)
    if (!isKey) return undefined
    if (key === '*') return 'star'
    return region === 'US' || region === 'CA' || region === undefined ? 'pound' : 'hash'
  },
}

/** `the # of guests` */
const numberSign: SpokenRule = {
  pattern: /(?<=(?<!\p{L})(?:the|a|your|what) )#(?= of\b)/giu,
  say: () => 'number',
}

/** `a = 5`, `x + y` */
const equals: SpokenRule = { pattern: /(?<=[\p{L}\p{N})]) = (?=[\p{L}\p{N}($-])/gu, say: () => ' equals ' }

/** `Tom & Jerry`, `R&D`. "AT&T" is a name that voices know. */
const and: SpokenRule = {
  pattern: /(?<=\p{L})&(?=\p{L})|(?<=[\p{L}\p{N}.,)]) & (?=[\p{L}\p{N}($])/gu,
  say(_groups, { before, after, whole }) {
    const letters = /(?<!\p{L})\p{L}+$/u.exec(before)?.[0] ?? ''
    const others = /^\p{L}+/u.exec(after)?.[0] ?? ''
    const isName = whole === '&' && letters.length + others.length > 2 && !/\p{Ll}/u.test(letters + others)
    return isName ? whole : ' and '
  },
}

/** `meet @ noon` */
const at: SpokenRule = { pattern: /(?<=[\p{L}\p{N}]) @ (?=[\p{L}\p{N}$€£₪])/gu, say: () => ' at ' }

/** `~5`, `≈ 20` */
const about: SpokenRule = { pattern: /(?<=^|[\s(])[~≈] ?(?=[$€£₪]?\d)/gu, say: () => 'about ' }

/** `± 5` */
const plusMinus: SpokenRule = { pattern: /(?<=^|[\s(])± ?(?=\d)/gu, say: () => 'plus or minus ' }

/** `>5`, `< 10 minutes` before a number alone. */
const compared: SpokenRule = {
  pattern: /(?<=^|[\p{L},(] |^\()(?<sign>[<>≤≥]) ?(?=[$€£₪]?\d)/gu,
  say: ({ sign }) => ({ '<': 'less than ', '>': 'more than ', '≤': 'at most ', '≥': 'at least ' })[sign!],
}

export const SIGNS = [
  key,
  numberSign,
  sum,
  operators,
  plus,
  added,
  power,
  equals,
  and,
  at,
  about,
  plusMinus,
  compared,
]
