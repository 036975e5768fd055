import { type CodeWords, isCodeBehind, isCounted } from '../../rules/code-cue.ts'
import { digitGroups } from '../../rules/figures.ts'
import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { digitWords } from '../numbers/numbers.ts'

/** Digits in groups, with the pauses of one who reads a number out. */
function groupWords(groups: readonly string[]): string {
  return groups.map(digitWords).join(', ')
}

/** What is read digit by digit follows one of these. */
export const CODE_WORDS: CodeWords = {
  cues: new Set(
    `code pin otp passcode password zip postcode account card order booking reservation confirmation reference ref
    tracking ticket invoice case claim id policy license licence serial member membership customer routing iban vat ssn
    ending ends digits cvv cvc security plate registration vin voucher coupon promo shipment waybill locator pnr mrn ein
    sku permit`.split(/\s+/u),
  ),
  links: new Set('number no id code is was in with are of for now still the again'.split(' ')),
}

/** A number and what it is of, not a code: `1080P`, `220V`, `FY26`. */
const MEASURED =
  /^(?:\d+(?:[KMBVWALFCHP]|TH|ST|ND|RD|AM|PM|[KMGT]B|MP|HP|KG|KM|K?HZ|K?WH?|USD|EUR|GBP|ILS|NIS)|FY\d{2,4})$/u

/** A code that a person reads out: digits and capitals, each by itself. */
const mixedCode: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.@/&$€£₪'’-])(?=[A-Z]{0,20}\d)(?=\d{0,20}[A-Z])(?<code>[A-Z\d]{4,20})(?![\p{L}\p{N}_@/&'’%-]|[.:]\p{L}|[.,:]\d)/gu,
  say({ code }, { before }) {
    // A name with a number, "COVID19", is a word; "G20" and "MP3" are said as they stand.
    if (/[A-Z]{4}/u.test(code!) && !isCodeBehind(before, CODE_WORDS)) return undefined
    if (MEASURED.test(code!)) return undefined
    return code!.length <= 8 ? digitWords(code!) : groupWords(digitGroups(code!))
  },
}

/** `4242 is your code` */
const IS_YOUR_CODE =
  /^ is (?:your|the|our)(?: \p{Ll}{2,14}){0,2} (?:code|pin|otp|passcode|password|number)\b/iu

/** `Your code is 482913`, `card ending in 4242`, `#10245` behind "order". */
const asked: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<hash>#)?(?<digits>\d{3,20})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ hash, digits }, { before, after }) {
    if (!IS_YOUR_CODE.test(after) && (!isCodeBehind(before, CODE_WORDS) || isCounted(after))) return undefined
    const said = groupWords(digits!.length <= 6 ? [digits!] : digitGroups(digits!))
    return hash && !/number:?\s$/iu.test(before) ? `number ${said}` : said
  },
}

/** `482-913`, `4580 1234 5678 9012`: a code, or a card, in groups. */
const grouped: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<groups>\d{2,8}(?:[ -]\d{2,8}){1,5})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ groups }, { before }) {
    const parts = groups!.split(/[ -]/u).flatMap((part) => (part.length > 6 ? digitGroups(part) : [part]))
    return /^(?:\d{4}[ -]){3}\d{4}$/u.test(groups!) || isCodeBehind(before, CODE_WORDS)
      ? groupWords(parts)
      : undefined
  },
}

/** Nobody says a number of so many digits that is not grouped; nor one that begins with a zero. */
const longDigits: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪#*-])(?<digits>\d{7,40}|0\d{1,5})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say: ({ digits }) =>
    /^[1-9]0{6,}$/u.test(digits!)
      ? undefined
      : groupWords(digits!.length < 5 ? [digits!] : digitGroups(digits!)),
}

const STATES = new Set(
  `AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI
  SC SD TN TX UT VT VA WA WV WI WY DC`.split(/\s+/u),
)

/** `Austin, TX 78701` */
const zip: SpokenRule = {
  pattern:
    /(?<=(?<![\p{L}\p{N}])(?<state>[A-Z]{2}),? )(?<digits>\d{5})(?:-(?<more>\d{4}))?(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say: ({ state, digits, more }) =>
    STATES.has(state!) ? groupWords(more === undefined ? [digits!] : [digits!, more]) : undefined,
}

/** A name of a place or a vehicle: "room two oh four" as well as "room two hundred four". */
const named: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_])(?<=(?<noun>\b(?:room|suite|flight|apartment|apt|unit|bus|train|route|highway|interstate|channel|area|building|gate|model|form|section|boeing|airbus|windows|version)\.? ))(?<number>\d{3,4})(?![\p{L}\p{N}_])/giu,
  say: (_groups, { whole }) => whole,
}

export const CODES = [zip, mixedCode, grouped, asked, longDigits]
export const NAMED_NUMBERS = [named]
