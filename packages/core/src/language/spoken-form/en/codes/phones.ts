import { isCounted } from '../../rules/code-cue.ts'
import { digitGroups } from '../../rules/figures.ts'
import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { cardinal, digitWords } from '../numbers/numbers.ts'

/** A tail such as `ext. 204`. */
function extensionWords(digits: string | undefined): string {
  return digits === undefined ? '' : `, extension ${digitWords(digits)}`
}

/** `800` is said as a number where it is free of charge. */
function groupWords(groups: readonly string[], free: boolean): string {
  return groups
    .map((digits, index) =>
      free && index < 2 && /^8(?:00|88|77|66)$/u.test(digits) && digits === '800'
        ? `${cardinal(8)} hundred`
        : digitWords(digits),
    )
    .join(', ')
}

/** `+972-3-555-1234`, `+1 (212) 555-0100`, `+97235551234` */
const international: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪+-])\+(?<number>\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,6})(?:,? (?:ext|x|extension)\.? ?(?<ext>\d{1,6}))?(?![\p{L}\p{N}_:/%-]|[.,]\d)/giu,
  say({ number, ext }) {
    const parts = number!.split(/\D+/u).filter((part) => part !== '')
    const digits = parts.join('')
    if (digits.length < 8 || digits.length > 15) return undefined
    return `plus ${groupWords(parts.length > 1 ? parts : digitGroups(digits), false)}${extensionWords(ext)}`
  },
}

/** `(212) 555-0100`, `1-800-555-0199`, `212.555.0100` */
const american: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪+-])(?:(?<one>1)[ .-])?(?:\((?<braced>\d{3})\) ?|(?<area>\d{3})[ .-])(?<office>\d{3})[ .-](?<line>\d{4})(?:,? (?:ext|x|extension)\.? ?(?<ext>\d{1,6}))?(?![\p{L}\p{N}_:/%-]|[.,]\d)/giu,
  say({ one, braced, area, office, line, ext }) {
    const code = braced ?? area!
    const groups = [...(one === undefined ? [] : [one]), code, office!, line!]
    return groupWords(groups, one !== undefined) + extensionWords(ext)
  },
}

/** `1-800-FLOWERS` */
const vanity: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪+-])(?<one>1)[ -](?<free>8\d\d)[ -](?<word>[A-Z]{4,10}|[A-Z]{2,5}-[A-Z]{2,5})(?![\p{L}\p{N}_-])/gu,
  say: ({ one, free, word }) => `${groupWords([one!, free!], true)}, ${word!.replace('-', ' ')}`,
}

/** `03-555-1234`, `054-1234567`, `020 7946 0958`: a zero in front, as most countries have it. */
const national: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪+-])(?<number>(?:0\d{1,4}|1[38]00)(?:[ -]\d{2,8}){1,4})(?:,? (?:ext|x|extension)\.? ?(?<ext>\d{1,6}))?(?![\p{L}\p{N}_:/%-]|[.,]\d)/giu,
  say({ number, ext }) {
    const parts = number!.split(/[ -]/u)
    const { length } = parts.join('')
    const isDate = /^\d\d-\d\d-\d{4}$/u.test(number!)
    if (isDate || length < 8 || length > 12) return undefined
    const groups = parts.flatMap((part) => (part.length > 5 ? digitGroups(part) : [part]))
    return groupWords(groups, false) + extensionWords(ext)
  },
}

/** `555-0100` */
const local: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪+-])(?<office>\d{3})-(?<line>\d{4})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say: ({ office, line }) => groupWords([office!, line!], false),
}

/** `ext. 204`, `extension 204` */
const extension: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_-])(?<word>ext\.?|extension) ?x?(?<digits>\d{2,6})(?![\p{L}\p{N}_:/%-]|[.,]\d)/giu,
  say: ({ word, digits }) => `${/^E/u.test(word!) ? 'E' : 'e'}xtension ${digitWords(digits!)}`,
}

/** `911`, `112` behind a word of calling. */
const emergency: SpokenRule = {
  pattern:
    /(?<=(?<![\p{L}])(?:call|dial|calling|dialing|dialling) )(?<digits>\d{3,4})(?![\p{L}\p{N}_:/%-]|[.,]\d| \d)/giu,
  say: ({ digits }) => digitWords(digits!),
}

/** `text STOP to 72345` */
const shortCode: SpokenRule = {
  pattern:
    /(?=\d{5})(?<=(?<!\p{L})(?:text|send|sms)(?: \p{L}{2,12}){1,3} )(?<digits>\d{5,6})(?![\p{L}\p{N}_:/%-]|[.,]\d)/giu,
  say: ({ digits }, { before, after }) =>
    /\bto\s$/iu.test(before) && !isCounted(after) && !/^ \p{Lu}/u.test(after)
      ? digitWords(digits!)
      : undefined,
}

/** `*2700`: what is pressed on the phone. */
const starred: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_*#])(?<star>[*#])(?<digits>\d{1,6})(?<hash>#)?(?![\p{L}\p{N}_*%-]|[.,:/]\d)/gu,
  say({ star, digits, hash }, { before }) {
    if (digits!.length === 1 && (star === '#' || !/(?:press|dial|hit|enter|push|or)\s$/iu.test(before)))
      return undefined
    // "#12" may be a number twelve.
    if (star === '#' && hash === undefined) return undefined
    return `${star === '*' ? 'star' : 'pound'} ${digitWords(digits!)}${hash ? ' pound' : ''}`
  },
}

export const PHONES = [
  international,
  american,
  vanity,
  local,
  national,
  extension,
  emergency,
  shortCode,
  starred,
]
