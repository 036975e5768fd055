import type { SpokenRule } from '../../rules/spoken-rule.ts'

const OPERATORS: Readonly<Record<string, string>> = {
  '+': 'ועוד',
  '×': 'כפול',
  x: 'כפול',
  '*': 'כפול',
  '÷': 'חלקי',
  '=': 'שווה',
}

/** `2 + 3 = 5`: between numbers and spaces. */
const operators: SpokenRule = {
  pattern: /(?<=[\p{N}%)]) (?<sign>[+×x*÷=]) (?=[-−]?[$€₪]?\p{N})/gu,
  say: ({ sign }) => ` ${OPERATORS[sign!]!} `,
}

/** `א & ב` */
const and: SpokenRule = { pattern: /(?<=[\p{L}\p{N}]) & (?=[\p{L}])/gu, say: () => ' ו' }

/** `+5%`, `100$ + 18%` */
const plus: SpokenRule = {
  pattern: /(?<=^|[\s(])\+(?=[$€₪]?\d)|(?<=[\p{L}\p{N}%$€₪)] )\+(?= [\p{L}\p{N}$€₪])/gu,
  say: (_groups, { after }) => (after.startsWith(' ') ? 'פלוס' : 'פלוס '),
}

/** `~5` */
const about: SpokenRule = { pattern: /(?<=^|[\s(])[~≈] ?(?=[$€₪]?\d)/gu, say: () => 'בערך ' }

/** `לחץ #`, `או * לחזרה` */
const key: SpokenRule = {
  pattern:
    /(?<=(?<![א-ת])[ולש]{0,2}(?:הקש|הקישו|הקישי|לחץ|לחצו|לחצי|מקש|או|על) )(?<key>[#*])(?=$|[\s.,;!?)])/gu,
  say: ({ key }) => (key === '#' ? 'סולמית' : 'כוכבית'),
}

/** `עד-4`: the word stands by itself. */
const until: SpokenRule = { pattern: /(?<=(?<![א-ת])ו?עד)[-־](?=\d)/gu, say: () => ' ' }

/** `250- ₪`: typed from right to left. */
const minusBehind: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<amount>\d[\d,]{0,12}(?:\.\d{1,2})?)[-−](?= ?[₪$€](?!\p{N}))/gu,
  say: ({ amount }) => `-${amount!}`,
}

export const MARKS = [minusBehind, key]
export const SIGNS = [until, operators, plus, and, about]
