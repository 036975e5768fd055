/** How recognisers write numbers in words: English and Hebrew, both genders and spellings. */
export type NumberWord =
  /**
   * `shifts`: in Hebrew "עשרה" behind a digit makes it a number from eleven to nineteen. `alike`: it only sounds like
   * a digit.
   */
  | { readonly kind: 'digits'; readonly digits: string; readonly shifts?: true; readonly alike?: true }
  /** A single digit may follow it: "forty" two. */
  | { readonly kind: 'tens'; readonly digit: string }
  /** Two "hundred", four "thousand". */
  | { readonly kind: 'scale'; readonly zeros: number }
  /** "double" four; `counted`: three "times" one, of the number before it. */
  | { readonly kind: 'times'; readonly times: number | 'counted' }
  /** Three "ones". */
  | { readonly kind: 'several'; readonly digit: string }
  /** Said between the digits of one number. */
  | { readonly kind: 'filler' }

const UNITS: Readonly<Record<string, string>> = {
  0: 'zero oh o nought naught אפס איפס',
  1: 'one אחת אחד',
  2: 'two שתיים שתים שניים שנים שתי שני שתיי שניי',
  3: 'three שלוש שלושה שלושת',
  4: 'four ארבע ארבעה ארבעת',
  5: 'five חמש חמישה חמשה חמשת חמישת',
  6: 'six שש שישה ששה ששת שישת',
  7: 'seven שבע שבעה שבעת שיבעה שיבעת',
  8: 'eight שמונה שמונת שמנה',
  9: 'nine niner תשע תשעה תשעת תישע תישעה',
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
const TIMES: Readonly<Record<string, number | 'counted'>> = {
  ...{ double: 2, twice: 2, triple: 3, treble: 3, quadruple: 4, quad: 4, times: 'counted' },
  ...{ פעמיים: 2, כפול: 2, דאבל: 2, טריפל: 3, פעמים: 'counted' },
}
const SEVERAL: Readonly<Record<string, string>> = {
  0: 'zeros zeroes ohs noughts אפסים',
  1: 'ones אחדים',
  2: 'twos',
  3: 'threes',
  4: 'fours',
  5: 'fives',
  6: 'sixes',
  7: 'sevens',
  8: 'eights',
  9: 'nines',
}
/** What recognisers write for digits that are words by themselves: digits only among digits. */
const SOUNDS_LIKE: Readonly<Record<string, string>> = {
  1: 'won wun',
  2: 'to too tu',
  3: 'tree free',
  4: 'for fore',
  5: 'fife',
  6: 'sex sicks sics',
  8: 'ate ait',
  9: 'nein',
}
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
  ...entriesOf(SEVERAL, (digit) => ({ kind: 'several', digit })),
  ...FILLERS.split(' ').map((word) => [word, { kind: 'filler' }] as const),
])

const ALIKE: ReadonlyMap<string, NumberWord> = new Map(
  entriesOf(SOUNDS_LIKE, (digits) => ({ kind: 'digits', digits, alike: true })),
)
/** Any of them, or a Hebrew digit behind a prefix: most texts are passed by with one look. */
const MAY_SOUND_LIKE =
  /\b(?:won|wun|to|too|tu|tree|free|for|fore|fife|sex|sicks|sics|ate|ait|nein)\b|[הבלכמש][אשחעת]/iu
/** Points for vowels. */
const MARKS = /\p{M}+/gu
const FIRST_HEBREW = 0x5d0
const HEBREW_AND = 'ו'
const HEBREW_PREFIXES = 'הבלכמש'

/** Whether a text has words that only sound like digits. */
export function mayOnlySoundLikeDigits(text: string): boolean {
  return MAY_SOUND_LIKE.test(text)
}

/** `undefined`: the word is no part of a number. `alike`: what only sounds like a digit is one. */
export function numberWordOf(word: string, alike = false): NumberWord | undefined {
  const lower = word.toLowerCase()
  const found = WORDS.get(lower) ?? (alike ? ALIKE.get(lower) : undefined)
  if (found !== undefined || lower.charCodeAt(0) < FIRST_HEBREW) return found
  const small = lower.replace(MARKS, '')
  if (small !== lower) return numberWordOf(small, alike)
  // Hebrew joins the last part with a vav: ארבעים ושתיים.
  if (small.startsWith(HEBREW_AND)) return WORDS.get(small.slice(1))
  if (!alike || !HEBREW_PREFIXES.includes(small[0] ?? ' ')) return undefined
  const joined = WORDS.get(small.slice(1))
  return joined?.kind === 'digits' ? { ...joined, alike: true } : undefined
}

function entriesOf(
  table: Readonly<Record<string, string>>,
  wordOf: (digits: string) => NumberWord,
): (readonly [string, NumberWord])[] {
  return Object.entries(table).flatMap(([digits, words]) =>
    words.split(' ').map((word) => [word, wordOf(digits)] as const),
  )
}
