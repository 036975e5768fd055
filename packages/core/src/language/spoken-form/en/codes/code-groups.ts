import { isCodeBehind } from '../../rules/code-cue.ts'
import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { digitWords } from '../numbers/numbers.ts'
import { CODE_WORDS } from './codes.ts'

/** Letters and digits each by itself, a pause between groups; a word stays one. */
function spelledGroups(groups: readonly string[]): string {
  return groups.map((group) => (/^\p{L}{4,}$/u.test(group) ? group : digitWords(group))).join(', ')
}

function digitsIn(text: string): number {
  return text.replace(/\D/gu, '').length
}

/** `GB29 NWBK 6016 1331 9268 19`, with its spaces or without. */
const iban: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_@&-])(?<code>[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?)(?![\p{L}\p{N}_@&-])/gu,
  say({ code }) {
    const bare = code!.replaceAll(' ', '')
    if (digitsIn(bare) < 10) return undefined
    return (bare.match(/.{1,4}/gu) ?? []).map(digitWords).join(', ')
  },
}

/** `ORD-2026-00417`, `7F3-KL9`, `POL/2026/8841`: behind the name of a code, or with digits enough to be one. */
const parted: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.@/&$€£₪'’-])(?=[A-Z/-]{0,24}\d)(?=[\d/-]{0,24}[A-Z])(?<code>[A-Z\d]{1,12}(?:[-/][A-Z\d]{1,12}){1,5})(?![\p{L}\p{N}_@/&'’%-]|[.:]\p{L}|[.,:]\d)/gu,
  say({ code }, { before }) {
    const isLong = /^[A-Z]{1,5}[-/]/u.test(code!) && digitsIn(code!) >= 5
    return isLong || isCodeBehind(before, CODE_WORDS) ? spelledGroups(code!.split(/[-/]/u)) : undefined
  },
}

/** `SW1A 1AA`, `K1A 0B1`, `AB12 CDE`: post codes and plates in two groups. */
const halves: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.@/&$€£₪'’-])(?<one>[A-Z]{1,2}\d[A-Z\d]?|[A-Z]{2}\d{2}) (?<other>\d[A-Z]{2}|\d[A-Z]\d|[A-Z]{3})(?![\p{L}\p{N}_@/&'’%-]|[.:]\p{L}|[.,:]\d)/gu,
  say({ one, other }, { before }) {
    const isPlate = /^[A-Z]{3}$/u.test(other!)
    if (isPlate && !isCodeBehind(before, CODE_WORDS)) return undefined
    return `${digitWords(one!)}, ${digitWords(other!)}`
  },
}

/** `1Z 999 AA1 01 2345 6784` behind the name of a code. */
const spaced: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.@/&$€£₪'’-])(?<groups>[A-Z\d]{1,6}(?: [A-Z\d]{1,6}){2,8})(?![\p{L}\p{N}_@/&'’%-]|[.:]\p{L}|[.,:]\d)/gu,
  say({ groups }, { before }) {
    if (digitsIn(groups!) < 6 || !/[A-Z]/u.test(groups!) || !isCodeBehind(before, CODE_WORDS))
      return undefined
    return groups!.split(' ').map(digitWords).join(', ')
  },
}

/** `4 8 2 1`, `4-8-2-1`: digits that are apart already. */
const single: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪+-])(?<digits>\d(?:[ -]\d){2,19})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ digits }, { before, after }) {
    if (/\p{N} $/u.test(before) || /^ \p{N}/u.test(after)) return undefined
    const isOne = !digits!.includes('-') || (!digits!.includes(' ') && digits!.length > 6)
    return isOne ? digitWords(digits!.replace(/\D/gu, '')) : undefined
  },
}

export const CODE_GROUPS = [iban, parted, halves, spaced, single]
