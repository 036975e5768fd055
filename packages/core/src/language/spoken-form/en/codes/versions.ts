import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { cardinal, digitWords } from '../numbers/numbers.ts'

function pointed(number: string): string {
  const part = (digits: string): string =>
    digits.length > 2 || /^0\d/u.test(digits) ? digitWords(digits) : cardinal(Number(digits))
  return number.split('.').map(part).join(' point ')
}

/** `version 2.4.1`, `v3.0` */
const version: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.-])(?:(?<word>version|release|firmware|update|software) |(?<short>v\.? ?))(?<number>\d{1,4}(?:\.\d{1,4}){1,4})(?![\p{L}\p{N}_:/%-]|[.,]\d)/giu,
  say({ word, short, number }) {
    if (short !== undefined && !/^v\.?$/iu.test(short)) return undefined
    return `${word ?? 'version'} ${pointed(number!)}`
  },
}

/** `192.168.1.1` */
const internetAddress: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/-])(?<number>\d{1,3}(?:\.\d{1,3}){3})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ number }, { whole }) {
    const parts = number!.split('.')
    return parts.every((part) => Number(part) <= 255) ? parts.map(digitWords).join(' dot ') : whole
  },
}

export const VERSIONS = [version, internetAddress]
