import { type Figures, figuresOf } from '../../rules/figures.ts'

/** Whether what is counted is feminine; a number that counts nothing, such as a digit of a telephone, is. */
export type Gender = 'feminine' | 'masculine'

const FEMININE = 'אפס אחת שתיים שלוש ארבע חמש שש שבע שמונה תשע עשר'.split(' ')
const MASCULINE = 'אפס אחד שניים שלושה ארבעה חמישה שישה שבעה שמונה תשעה עשרה'.split(' ')
/** Before what is counted, when that is known: `שני הימים`, `שלושת אלפים`. */
const CONSTRUCT = '- - שני שלושת ארבעת חמשת ששת שבעת שמונת תשעת עשרת'.split(' ')
const TEENS_FEMININE =
  'אחת עשרה,שתים עשרה,שלוש עשרה,ארבע עשרה,חמש עשרה,שש עשרה,שבע עשרה,שמונה עשרה,תשע עשרה'.split(',')
const TEENS_MASCULINE =
  'אחד עשר,שנים עשר,שלושה עשר,ארבעה עשר,חמישה עשר,שישה עשר,שבעה עשר,שמונה עשר,תשעה עשר'.split(',')
const TENS = '- עשר עשרים שלושים ארבעים חמישים שישים שבעים שמונים תשעים'.split(' ')
const HUNDREDS = '-,מאה,מאתיים,שלוש מאות,ארבע מאות,חמש מאות,שש מאות,שבע מאות,שמונה מאות,תשע מאות'.split(',')

/** A whole number from 0 to 999 trillion. Its last part has a `ו` in front: `עשרים וחמש`, `מאה ועשרים`. */
export function cardinal(number: number, gender: Gender = 'feminine'): string {
  if (number === 0) return FEMININE[0]!
  const parts = [
    ...scaled(Math.floor(number / 1e12), 'טריליון'),
    ...scaled(Math.floor(number / 1e9) % 1000, 'מיליארד'),
    ...scaled(Math.floor(number / 1e6) % 1000, 'מיליון'),
    ...thousands(Math.floor(number / 1000) % 1000),
    ...belowThousand(number % 1000, gender),
  ]
  return joined(parts)
}

function joined(parts: readonly string[]): string {
  return parts.map((part, at) => (at > 0 && at === parts.length - 1 ? `ו${part}` : part)).join(' ')
}

/** `מיליון`, `שני מיליון`, `חמישה מיליון`: these are masculine and have no plural behind a number. */
function scaled(count: number, name: string): string[] {
  if (count === 0) return []
  if (count === 1) return [name]
  return [`${count === 2 ? 'שני' : cardinal(count, 'masculine')} ${name}`]
}

function thousands(count: number): string[] {
  if (count === 0) return []
  if (count === 1) return ['אלף']
  if (count === 2) return ['אלפיים']
  if (count <= 10) return [`${CONSTRUCT[count]!} אלפים`]
  return [`${cardinal(count, 'masculine')} אלף`]
}

function belowThousand(number: number, gender: Gender): string[] {
  const hundreds = Math.floor(number / 100)
  const parts = hundreds === 0 ? [] : [HUNDREDS[hundreds]!]
  return [...parts, ...belowHundred(number % 100, gender)]
}

function belowHundred(number: number, gender: Gender): string[] {
  const ones = gender === 'feminine' ? FEMININE : MASCULINE
  if (number === 0) return []
  if (number <= 10) return [ones[number]!]
  if (number < 20) return [(gender === 'feminine' ? TEENS_FEMININE : TEENS_MASCULINE)[number - 11]!]
  const rest = number % 10
  return [TENS[Math.floor(number / 10)]!, ...(rest === 0 ? [] : [ones[rest]!])]
}

/** Before what is counted: `שני ימים`, `שתי דקות`, `חמישה אנשים`. */
export function counting(number: number, gender: Gender): string {
  if (number === 2) return gender === 'feminine' ? 'שתי' : 'שני'
  return cardinal(number, gender)
}

/** `שלושת הימים`: before what is known. Feminine ones stand as they are counted. */
export function countingKnown(number: number, gender: Gender): string {
  const known = gender === 'masculine' ? CONSTRUCT[number] : undefined
  return known ?? counting(number, gender)
}

const ORDINALS_MASCULINE = '- ראשון שני שלישי רביעי חמישי שישי שביעי שמיני תשיעי עשירי'.split(' ')
const ORDINALS_FEMININE = '- ראשונה שנייה שלישית רביעית חמישית שישית שביעית שמינית תשיעית עשירית'.split(' ')

/** `שלישית`; from 1 to 10. */
export function ordinalWord(number: number, gender: Gender): string {
  return (gender === 'feminine' ? ORDINALS_FEMININE : ORDINALS_MASCULINE)[number]!
}

/** Each digit by itself, letters as they stand. */
export function digitWords(characters: string): string {
  return [...characters].map((char) => (/\d/.test(char) ? FEMININE[Number(char)]! : char)).join(' ')
}

/** `מינוס שלוש נקודה חמש` */
export function figureWords({ negative, whole, decimals }: Figures, gender: Gender = 'feminine'): string {
  const point = decimals === '' ? '' : ` נקודה ${digitWords(decimals)}`
  return `${negative ? 'מינוס ' : ''}${cardinal(whole, point === '' ? gender : 'feminine')}${point}`
}

export function numberWords(written: string): string | undefined {
  const figures = figuresOf(written)
  return figures && figureWords(figures)
}
