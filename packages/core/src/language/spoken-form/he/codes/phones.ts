import { digitGroups } from '../../rules/figures.ts'
import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { digitWords } from '../numbers/numbers.ts'

function groupWords(groups: readonly string[]): string {
  return groups.map(digitWords).join(', ')
}

/** `+972-3-555-1234` */
const international: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪+-])\+(?<number>\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,6})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ number }) {
    const parts = number!.split(/\D+/u).filter((part) => part !== '')
    const digits = parts.join('')
    if (digits.length < 8 || digits.length > 15) return undefined
    return `פלוס ${groupWords(parts.length > 1 ? parts : digitGroups(digits))}`
  },
}

/** `03-555-1234`, `054-1234567`, `0541234567`, `1-700-500-500`, with a prefix or without. */
const national: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪+-])(?<prefix>[והבכלמש]{1,2}[-־])?(?<number>(?:0\d{1,4}|1[ -][578]\d\d)(?:[ -]\d{2,8}){1,4}|0\d{8,9})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ prefix = '', number }) {
    const parts = number!.split(/[ -]/u)
    const { length } = parts.join('')
    const isDate = /^\d\d-\d\d-\d{4}$/u.test(number!)
    if (isDate || length < 8 || length > 12) return undefined
    return (
      prefix.replace(/[-־]/u, '') +
      groupWords(parts.flatMap((part) => (part.length > 4 ? digitGroups(part) : [part])))
    )
  },
}

/** `*2700`, `שלוחה 204` */
const starred: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_*#])(?<prefix>[לבמ][-־])?\*(?<digits>\d{2,6})(?<hash>#)?(?![\p{L}\p{N}_*%-]|[.,:/]\d)/gu,
  say: ({ prefix = '', digits, hash }) =>
    `${prefix.replace(/[-־]/u, '')}כוכבית ${digitWords(digits!)}${hash ? ' סולמית' : ''}`,
}

const extension: SpokenRule = {
  pattern: /(?<=(?<![\p{L}])[הבלמ]?שלוחה (?:מספר )?)(?<digits>\d{2,6})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say: ({ digits }) => digitWords(digits!),
}

export const PHONES = [international, national, starred, extension]
