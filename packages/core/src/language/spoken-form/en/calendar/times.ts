import { isCounted } from '../../rules/code-cue.ts'
import type { Groups, SpokenRule } from '../../rules/spoken-rule.ts'
import { cardinal, rangeWord } from '../numbers/numbers.ts'

export interface TimeOfDay {
  readonly hour: number
  readonly minute: number | undefined
  /** `AM` or `PM`, where it is known. */
  readonly half: string | undefined
}

/** `undefined`: no time of day. */
export function timeOf(
  hour: string,
  minute: string | undefined,
  half: string | undefined,
): TimeOfDay | undefined {
  const hours = Number(hour)
  const minutes = minute === undefined ? undefined : Number(minute)
  if (hours > 24 || (minutes ?? 0) > 59 || (hours === 24 && minutes !== 0)) return undefined
  if (half !== undefined)
    return hours >= 1 && hours <= 12 ? { hour: hours, minute: minutes, half } : undefined
  // Only the clock of 24 hours has a zero in front, and hours behind noon.
  const sure = hours > 12 || hour.startsWith('0')
  return { hour: hours % 12 === 0 ? 12 : hours % 12, minute: minutes, half: sure ? halfOf(hours) : undefined }
}

function halfOf(hours: number): string {
  return hours >= 12 && hours < 24 ? 'PM' : 'AM'
}

/** `spoken`: without `o'clock` where another time follows. */
export function timeWords({ hour, minute, half }: TimeOfDay, oClock = true): string {
  const hours = cardinal(hour)
  const behind = half === undefined ? '' : ` ${half}`
  if (minute === undefined || minute === 0)
    return half === undefined && oClock ? `${hours} o'clock` : hours + behind
  return `${hours} ${minute < 10 ? 'oh ' : ''}${cardinal(minute)}${behind}`
}

function halfWritten(written: string | undefined): string | undefined {
  return written === undefined ? undefined : `${written[0]!.toUpperCase()}M`
}

/** With a capital, and yet no new sentence: `5 p.m. EST`, `5 p.m. Monday`. */
const GOES_ON =
  /^\s+(?:[ECMP][SD]?T|GMT|UTC|BST|CES?T|IST|IDT|Eastern|Central|Mountain|Pacific|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?)(?![\p{L}’'])/u

/** The full stop of `p.m.` that may end the sentence, too. */
function withStop(words: string, { dotted }: Groups, after: string): string {
  return dotted !== undefined && /^(?:$|\s+\p{Lu})/u.test(after) && !GOES_ON.test(after) ? `${words}.` : words
}

/** `2 pm`, `2:30 p.m.` */
const withHalf: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<hour>\d{1,2})(?:[:.](?<minute>\d{2}))? ?(?<half>[ap])(?:m(?![\p{L}\p{N}_])|(?<dotted>\.m\.))/giu,
  say(groups, { after }) {
    const { hour, minute, half } = groups
    const time = timeOf(hour!, minute, halfWritten(half))
    return time && withStop(timeWords(time), groups, after)
  },
}

/** `9-5 pm`, `9am–5:30pm`, `9:00-17:00` */
const range: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<hour>\d{1,2})(?::(?<minute>\d{2}))? ?(?:(?<half>[ap])\.?m\.?)? ?[-–] ?(?<toHour>\d{1,2})(?::(?<toMinute>\d{2}))?(?: ?(?<toHalf>[ap])(?:m(?![\p{L}\p{N}_])|(?<dotted>\.m\.)))?(?![\p{L}\p{N}_:/%-]|[.,]\d)/giu,
  say(groups, { before, after }) {
    const { hour, minute, half, toHour, toMinute, toHalf } = groups
    const isTime = toHalf !== undefined || (minute !== undefined && toMinute !== undefined)
    if (!isTime) return undefined
    const end = halfWritten(toHalf)
    const from = timeOf(hour!, minute, halfWritten(half) ?? undefined)
    const to = timeOf(toHour!, toMinute, end)
    if (!from || !to) return undefined
    return withStop(`${timeWords(from, false)} ${rangeWord(before)} ${timeWords(to, false)}`, groups, after)
  },
}

const BEFORE_HOURS =
  /(?:^|[\s(–-])(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mon|tues?|wed|thu|thurs?|fri|sat|sun|daily|weekdays|weekends|open|hours|hours are)[.:,]? $/iu

/** `Mon-Fri 9-5`, `Sat 10–2`, `open 8a-6p` */
const openHours: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<hour>\d{1,2})(?::(?<minute>[0-5]\d))?(?<half>[ap])? ?[-–] ?(?<toHour>\d{1,2})(?::(?<toMinute>[0-5]\d))?(?<toHalf>[ap])?(?![\p{L}\p{N}_:/%-]|[.,]\d)/giu,
  say({ hour, minute, half, toHour, toMinute, toHalf }, { before, after }) {
    const isTold = half !== undefined && toHalf !== undefined
    if (
      !isTold &&
      (half !== undefined || toHalf !== undefined || !BEFORE_HOURS.test(before) || isCounted(after))
    )
      return undefined
    const from = timeOf(hour!, minute, halfWritten(half))
    const to = timeOf(toHour!, toMinute, halfWritten(toHalf))
    return from && to && `${timeWords(from, false)} to ${timeWords(to, false)}`
  },
}

/** `at 9.30`: a price said so is understood, too. */
const pointed: SpokenRule = {
  pattern:
    /(?<=(?<!\p{L})(?:at|until|till) )(?<hour>1?\d|2[0-3])\.(?<minute>[0-5]\d)(?=$|[.,;!?](?:\s|$)| (?:on|tomorrow|today|tonight|in the|sharp|and|to|for)(?!\p{L}))/giu,
  say({ hour, minute }) {
    const time = timeOf(hour!, minute, undefined)
    return time && timeWords(time)
  },
}

/** `14:30`, `08:05`; `14:30:15` and `2:1` are something else. */
const clock: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<hour>\d{1,2}):(?<minute>\d{2})(?<hours> ?hrs\b)?(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ hour, minute }, { before }) {
    const time = timeOf(hour!, minute, undefined)
    if (!time || /(?:ratio|score|odds)(?: \p{L}+)?\s$/iu.test(before)) return undefined
    return timeWords(time)
  },
}

/** `14:30:15` has no one way to be said. */
const withSeconds: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,/-])\d{1,3}(?::\d{1,3}){2,}(?![\p{L}\p{N}_])/gu,
  say: (_groups, { whole }) => whole,
}

export const TIMES = [withSeconds, range, withHalf, openHours, pointed, clock]
