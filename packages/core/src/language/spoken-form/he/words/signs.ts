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

/** `~5` */
const about: SpokenRule = { pattern: /(?<=^|[\s(])[~≈] ?(?=[$€₪]?\d)/gu, say: () => 'בערך ' }

export const SIGNS = [operators, and, about]
