import { type CalendarDay, calendarDay, dayOfTwo, wholeYear } from '../../rules/figures.ts'
import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { countedNoun } from '../numbers/nouns.ts'
import { cardinal } from '../numbers/numbers.ts'
import { withPrefix } from '../numbers/prefixes.ts'

const MONTHS = 'ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר'.split(' ')
const MONTH_OF = new Map(MONTHS.map((name, index) => [name, index + 1] as const)).set('מרס', 3)

/** `עשרים ותשעה בנובמבר`, with its year. */
export function dateWords({ day, month }: CalendarDay, year: string | undefined): string {
  const words = `${cardinal(day, 'masculine')} ב${MONTHS[month - 1]!}`
  return year === undefined ? words : `${words} ${cardinal(wholeYear(year))}`
}

/** `2026-11-29` */
const isoDate: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_./:-])(?<prefix>[והבכלמש]{1,3}[-־])?(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?![\p{L}\p{N}_/-]|[.:]\d)/gu,
  say({ prefix, year, month, day }) {
    const found = calendarDay(Number(day), Number(month))
    return found && withPrefix(prefix, dateWords(found, year))
  },
}

/** `29/11/2026`, `29.11.26`: the day is first. */
const numericDate: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_./:-])(?<prefix>[והבכלמש]{1,3}[-־])?(?<one>\d{1,2})(?<mark>[/.])(?<other>\d{1,2})\k<mark>(?<year>\d{4}|\d{2})(?![\p{L}\p{N}_/-]|[.:]\d)/gu,
  say({ prefix, one, other, year }, { whole }) {
    const found = dayOfTwo(Number(one), Number(other), true)
    return found ? withPrefix(prefix, dateWords(found, year)) : whole
  },
}

const BEFORE_DATE =
  /(?:^|[\s(])[והבכלמש]{0,2}(?:תאריך|יום|יום (?:ראשון|שני|שלישי|רביעי|חמישי|שישי|א['׳]|ב['׳]|ג['׳]|ד['׳]|ה['׳]|ו['׳])|שבת|ראשון|שני|שלישי|רביעי|חמישי|שישי|מועד)[,:]?\s$/u

/** Behind a decimal stands what it counts. */
function countsSomething(after: string): boolean {
  const word = /^ (?:של )?(?<word>[א-ת"״'׳]+)/u.exec(after)?.groups?.['word']
  if (word === undefined) return /^ ?[%°₪$€£]/u.test(after)
  return countedNoun(word) !== undefined || /["״'׳]|^(?:מיליון|מיליארד|אלף|דולר|יורו|קילו)/u.test(word)
}

/** Of what a day is told: an appointment, a delivery, an hour. */
const MEETINGS = new Set(
  `תור תורך פגישה פגישתך נקבע נקבעה נקבעו קבענו קבעתי נדחה נדחתה הועבר הועברה משלוח הגעה טיסה הזמנה ביקור מועד תאריך יגיע
  תגיע מגיע יחול חל יחויב תחויב ישולם ייגבה יחודש תחודש יפוג תפוג ייערך תיערך נפגש להגיע`.split(/\s+/u),
)

function isOfMeeting(before: string): boolean {
  const words = before.trimEnd().split(' ').slice(-3)
  return words.some((word) => MEETINGS.has(word) || MEETINGS.has(word.replace(/^[והבלמ]/u, '')))
}

const HOUR_BEHIND = /^,? (?:בשעה|בשעות|בין השעות|בבוקר|בצהריים|אחר הצהריים|בערב|ב[-־]\d{1,2}:\d{2})/u

/** `ה-31.12`; with another letter, or behind "until", a month of two digits: `ב-24.12`, and not `ב-3.5`. */
function isPointedDate(prefix: string, month: string, before: string, after: string): boolean {
  if (countsSomething(after)) return false
  if (/ה[-־]$/u.test(prefix)) return true
  if (/[בל][-־]$/u.test(prefix) && (HOUR_BEHIND.test(after) || isOfMeeting(before))) return true
  return month.length === 2 && (prefix !== '' || /(?:^|\s)ו?עד\s$/u.test(before))
}

/** `ה-29/11`; with another letter, where it is no fraction: `ב-16/3`. */
function isSlashedDate(prefix: string, one: string, other: string): boolean {
  if (/ה[-־]$/u.test(prefix)) return true
  return prefix !== '' && (Number(one) > Number(other) || Number(other) > 10 || other.length === 2)
}

/** `29/11` behind a day or with the letter of a date: `ה-29/11`. */
const dayAndMonth: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_./:-])(?<prefix>[והבכלמש]{1,3}[-־])?(?<one>\d{1,2})(?<mark>[/.])(?<other>\d{1,2})(?![\p{L}\p{N}_/:%-]|[.,]\d)/gu,
  say({ prefix = '', one, mark, other }, { before, after, whole }) {
    const found = calendarDay(Number(one), Number(other))
    if (!found) return undefined
    // "ב-3.5" may be a decimal, "1/2" a half.
    const sure =
      BEFORE_DATE.test(before) ||
      (mark === '/' ? isSlashedDate(prefix, one!, other!) : isPointedDate(prefix, other!, before, after))
    if (sure) return withPrefix(prefix, dateWords(found, undefined))
    return mark === '/' && Number(one) > 3 ? whole : undefined
  },
}

/** Of a month by its name; `undefined`: it is none, or has no such day. */
function dayOf(day: string, name: string): CalendarDay | undefined {
  const month = MONTH_OF.get(name)
  return month === undefined ? undefined : calendarDay(Number(day), month)
}

/** `29 בנובמבר 2026`, `ה-29 בנובמבר` */
const named: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<prefix>[והבכלמש]{1,3}[-־])?(?<day>\d{1,2}) [בל](?<name>[א-ת]{3,8})(?:,? (?<year>\d{4}))?(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ prefix, day, name, year }) {
    // "ה-5 בחודש": a day, too.
    if (name === 'חודש' && year === undefined && Number(day) <= 31)
      return withPrefix(prefix, `${cardinal(Number(day), 'masculine')} בחודש`)
    const found = dayOf(day!, name!)
    return found && withPrefix(prefix, dateWords(found, year))
  },
}

/** `5-8 באוגוסט` */
const namedRange: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<prefix>[והבכלמש]{1,3}[-־])?(?<from>\d{1,2}) ?[-–] ?(?<to>\d{1,2}) [בל](?<name>[א-ת]{3,8})(?:,? (?<year>\d{4}))?(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ prefix, from, to, name, year }) {
    const first = dayOf(from!, name!)
    const last = dayOf(to!, name!)
    if (!first || !last || first.day >= last.day) return undefined
    return withPrefix(prefix, `${cardinal(first.day, 'masculine')} עד ${dateWords(last, year)}`)
  },
}

/** `ב-14 וב-15 במרץ`: the month is said once. */
const dayBefore: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<prefix>[והבלמ]{0,2}[-־])?(?<day>\d{1,2})(?= (?:ו|או |ו?עד )[בה]{0,2}[-־]?\d{1,2} [בל](?<name>[א-ת]{3,8})(?![\p{L}\p{N}]))/gu,
  say({ prefix, day, name }) {
    const isMonth = MONTH_OF.has(name!) || name === 'חודש'
    return isMonth && Number(day) <= 31 ? withPrefix(prefix, cardinal(Number(day), 'masculine')) : undefined
  },
}

/** `מ-1.1 עד 31.3` */
const pointedRange: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<prefix>[ובכש]?מה?[-־])(?<day>\d{1,2})\.(?<month>\d{1,2}) (?<until>ו?עד )(?<the>ה[-־])?(?<toDay>\d{1,2})\.(?<toMonth>\d{1,2})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ prefix, day, month, until, the, toDay, toMonth }, { after }) {
    const first = calendarDay(Number(day), Number(month))
    const last = calendarDay(Number(toDay), Number(toMonth))
    if (!first || !last || countsSomething(after)) return undefined
    return `${withPrefix(prefix, dateWords(first, undefined))} ${until!}${withPrefix(the, dateWords(last, undefined))}`
  },
}

export const DATES = [isoDate, numericDate, pointedRange, namedRange, named, dayBefore, dayAndMonth]
