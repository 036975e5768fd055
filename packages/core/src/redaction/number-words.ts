/** How recognisers write numbers in words: English and Hebrew, both genders and spellings. */
export type NumberWord =
  /** `shifts`: in Hebrew "עשרה" behind a digit makes it a number from eleven to nineteen. */
  | { readonly kind: 'digits'; readonly digits: string; readonly shifts?: true }
  /** A single digit may follow it: "forty" two. */
  | { readonly kind: 'tens'; readonly digit: string }
  /** Two "hundred", four "thousand". */
  | { readonly kind: 'scale'; readonly zeros: number }
  /** "double" four. */
  | { readonly kind: 'times'; readonly times: number }
  /** Said between the digits of one number. */
  | { readonly kind: 'filler' }

const UNITS: Readonly<Record<string, string>> = {
  0: 'zero oh o nought naught אפס',
  1: 'one אחת אחד',
  2: 'two שתיים שתים שניים שנים שתי שני',
  3: 'three שלוש שלושה שלושת',
  4: 'four ארבע ארבעה ארבעת',
  5: 'five חמש חמישה חמשה חמשת חמישת',
  6: 'six שש שישה ששה ששת שישת',
  7: 'seven שבע שבעה שבעת',
  8: 'eight שמונה שמונת',
  9: 'nine niner תשע תשעה תשעת',
  11: 'eleven',
  12: 'twelve',
  13: 'thirteen',
  14: 'fourteen',
  15: 'fifteen',
  16: 'sixteen',
  17: 'seventeen',
  18: 'eighteen',
  19: 'nineteen',
}
const TENS: Readonly<Record<string, string>> = {
  2: 'twenty עשרים',
  3: 'thirty שלושים',
  4: 'forty fourty ארבעים',
  5: 'fifty חמישים',
  6: 'sixty שישים ששים',
  7: 'seventy שבעים',
  8: 'eighty שמונים',
  9: 'ninety תשעים',
}
const SCALES: Readonly<Record<string, number>> = {
  hundred: 2,
  מאה: 2,
  מאות: 2,
  thousand: 3,
  אלף: 3,
  אלפים: 3,
}
const TIMES: Readonly<Record<string, number>> = { double: 2, triple: 3, treble: 3, פעמיים: 2 }
const FILLERS =
  'and then so uh um uhm umm er erm eh hmm mm okay ok comma dash hyphen space dot ואז אז אה אהה אמ אממ אהמ מקף רווח פסיק נקודה'

const WORDS: ReadonlyMap<string, NumberWord> = new Map<string, NumberWord>([
  ...entriesOf(UNITS, (digits) => ({ kind: 'digits', digits })),
  ...entriesOf(TENS, (digit) => ({ kind: 'tens', digit })),
  ['ten', { kind: 'digits', digits: '10' }],
  ['עשר', { kind: 'digits', digits: '10', shifts: true }],
  ['עשרה', { kind: 'digits', digits: '10', shifts: true }],
  ['מאתיים', { kind: 'digits', digits: '200' }],
  ['אלפיים', { kind: 'digits', digits: '2000' }],
  ...Object.entries(SCALES).map(([word, zeros]) => [word, { kind: 'scale', zeros }] as const),
  ...Object.entries(TIMES).map(([word, times]) => [word, { kind: 'times', times }] as const),
  ...FILLERS.split(' ').map((word) => [word, { kind: 'filler' }] as const),
])

/** `undefined`: the word is no part of a number. */
export function numberWordOf(word: string): NumberWord | undefined {
  const small = word.toLowerCase()
  const found = WORDS.get(small)
  // Hebrew joins the last part with a vav: ארבעים ושתיים.
  return found ?? (small.startsWith('ו') ? WORDS.get(small.slice(1)) : undefined)
}

function entriesOf(
  table: Readonly<Record<string, string>>,
  wordOf: (digits: string) => NumberWord,
): (readonly [string, NumberWord])[] {
  return Object.entries(table).flatMap(([digits, words]) =>
    words.split(' ').map((word) => [word, wordOf(digits)] as const),
  )
}
