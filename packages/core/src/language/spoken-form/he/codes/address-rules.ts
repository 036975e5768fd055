import { addressWords, type AddressWords, isFile, isHost } from '../../rules/addresses.ts'
import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { digitWords } from '../numbers/numbers.ts'

const WORDS: AddressWords = {
  at: 'שטרודל',
  dot: 'נקודה',
  dash: 'מקף',
  underscore: 'קו תחתון',
  plus: 'פלוס',
  slash: 'לוכסן',
  digits: digitWords,
}

/** `dana@kav.co.il` */
const mail: SpokenRule = {
  pattern:
    /(?<=^|[^\w.@+-]|[א-ת][-־])(?<address>\w[\w.+-]{0,63}@[A-Za-z\d][A-Za-z\d-]{0,62}(?:\.[A-Za-z\d-]{1,62}){0,4}\.[A-Za-z]{2,24})(?![\w@])/gu,
  say: ({ address }) => addressWords(address!, WORDS),
}

/** `kav.co.il`, `report.pdf` */
const dotted: SpokenRule = {
  pattern:
    /(?<![\w.@/])(?<!(?<![א-ת])-)(?<name>[A-Za-z\d][\w-]{0,62}(?:\.[\w-]{1,62}){0,4}\.[A-Za-z]\w{1,23})(?![\w@/]|\.\w)/gu,
  say: ({ name }) => (isHost(name!) || isFile(name!) ? addressWords(name!, WORDS) : undefined),
}

export const ADDRESSES = [mail, dotted]
