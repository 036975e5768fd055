import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { cardinal, numberWords } from '../numbers/numbers.ts'

function counted(number: string, unit: string): string {
  return `${cardinal(Number(number))} ${unit}${Number(number) === 1 ? '' : 's'}`
}

/** `1h 30m`, `2h15`, `1m 30s` */
const composed: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?:(?<hours>\d{1,3}) ?h ?(?<minutes>\d{1,2}) ?m(?:in)?|(?<minutesOnly>\d{1,3}) ?m(?:in)? ?(?<seconds>\d{1,2}) ?s(?:ec)?)(?![\p{L}\p{N}_-])/gu,
  say({ hours, minutes, minutesOnly, seconds }) {
    if (hours !== undefined) return `${counted(hours, 'hour')} ${counted(minutes!, 'minute')}`
    return `${counted(minutesOnly!, 'minute')} ${counted(seconds!, 'second')}`
  },
}

const BEFORE_SECONDS =
  /(?:^|\s)(?:wait|waits|for|after|within|in|every|about|around|takes?|lasts?|under|another|least|most|of|only|is)\s$/iu
const AFTER_SECONDS =
  /^ (?:timeouts?|delays?|latency|waits?|intervals?|pauses?|videos?|clips?|later|left|more)\b/u

/** `Wait 30s`, `10s timeout`; "the 90s" and "his 30s" are none. */
const seconds: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪'’-])(?<number>\d{1,3}(?:\.\d)?) ?s(?![\p{L}\p{N}_'’-])/gu,
  say({ number }, { before, after, region }) {
    if (!BEFORE_SECONDS.test(before) && !AFTER_SECONDS.test(after)) return undefined
    // "Hundreds of people".
    if (/^ of\b/u.test(after)) return undefined
    const words = numberWords(number!, region)
    return words && `${words} second${number === '1' ? '' : 's'}`
  },
}

export const DURATIONS = [composed, seconds]
