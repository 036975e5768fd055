import { isCodeBehind } from '../../rules/code-cue.ts'
import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { digitWords } from '../numbers/numbers.ts'
import { CODE_WORDS } from './codes.ts'

function spelledGroups(groups: readonly string[]): string {
  return groups.map((group) => (/^\p{L}{4,}$/u.test(group) ? group : digitWords(group))).join(', ')
}

/** `IL62 0108 0000 0009 9999 999`, with its spaces or without. */
const iban: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_@&-])(?<code>[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?)(?![\p{L}\p{N}_@&-])/gu,
  say({ code }) {
    const bare = code!.replaceAll(' ', '')
    if (bare.replace(/\D/gu, '').length < 10) return undefined
    return (bare.match(/.{1,4}/gu) ?? []).map(digitWords).join(', ')
  },
}

/** `AB-1234`, `12-345-67`: behind the name of a code. */
const parted: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.@/&$€£₪'’-])(?<code>[A-Z\d]{1,12}(?:[-/][A-Z\d]{1,12}){1,5})(?![\p{L}\p{N}_@/&'’%-]|[.:]\p{L}|[.,:]\d)/gu,
  say({ code }, { before }) {
    const isMixed = /^[A-Z]{1,5}[-/]/u.test(code!) && code!.replace(/\D/gu, '').length >= 5
    return isMixed || isCodeBehind(before, CODE_WORDS) ? spelledGroups(code!.split(/[-/]/u)) : undefined
  },
}

/** `12-345-67` of a car, whatever stands before it. */
const plate: SpokenRule = {
  pattern:
    /(?<=(?<![א-ת])[והבלמ]{0,2}(?:רכב|רכבך|לוחית|רישוי|מכונית)(?: מספר)?:? )(?<number>\d{2}-\d{3}-\d{2}|\d{3}-\d{2}-\d{3}|\d{7,8})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ number }) {
    const groups = /-/u.test(number!)
      ? number!.split('-')
      : (/^(\d{2})(\d{3})(\d{2})$|^(\d{3})(\d{2})(\d{3})$/u.exec(number!) ?? []).slice(1).filter(Boolean)
    return spelledGroups(groups)
  },
}

export const CODE_GROUPS = [plate, iban, parted]
