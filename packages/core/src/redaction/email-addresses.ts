import { numberWordOf } from './number-words.ts'
import type { PrivateSpan } from './redaction-settings.ts'

const LOCAL = /[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]/u
const DOMAIN = /[\p{L}\p{M}\p{N}.-]/u

/** Written with an `@`. Looks outwards from each, so that time is linear. */
export function emailsIn(text: string): PrivateSpan[] {
  const found: PrivateSpan[] = []
  let free = 0
  for (let sign = text.indexOf('@'); sign !== -1; sign = text.indexOf('@', sign + 1)) {
    let start = sign
    while (start > free && LOCAL.test(text[start - 1]!)) start--
    let end = sign + 1
    while (end < text.length && DOMAIN.test(text[end]!)) end++
    while (end > sign + 1 && /[.-]/.test(text[end - 1]!)) end--
    if (start === sign || !text.slice(sign + 1, end).includes('.')) continue
    found.push({ start, end, kind: 'email' })
    free = end
  }
  return found
}

const WORD = /[\p{L}\p{M}\p{N}'’-]+(?:\.[\p{L}\p{M}\p{N}'’-]+)*/gu
const AT: ReadonlySet<string> = new Set(['at', 'שטרודל', 'כרוכית'])
const DOT: ReadonlySet<string> = new Set(['dot', 'point', 'נקודה'])
/** Between the parts of the name. */
const LINKS: ReadonlySet<string> = new Set([
  ...DOT,
  ...['underscore', 'dash', 'hyphen', 'minus', 'plus', 'מקף', 'תחתון', 'קו'],
])
/** A domain's first label may be said in so many words: "g mail". */
const LABEL_WORDS = 3
const MAY_BE_SAID = /\b(?:dot|point)\b|\bat\s+\S+\.\S|נקודה/i

interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** Said: "name at example dot com", "שם שטרודל דוגמה נקודה קום", and "name at example.com". */
export function spokenEmailsIn(text: string): PrivateSpan[] {
  if (!MAY_BE_SAID.test(text)) return []
  const words: Word[] = Array.from(text.matchAll(WORD), (match) => ({
    text: match[0].toLowerCase(),
    start: match.index,
    end: match.index + match[0].length,
  }))
  const found: PrivateSpan[] = []
  let free = 0
  words.forEach((word, at) => {
    if (!AT.has(word.text) || at === free) return
    const last = lastOfDomain(words, at + 1)
    if (last === undefined) return
    const first = firstOfName(words, at - 1, free)
    const end = words[last]!.start + words[last]!.text.length
    found.push({ start: words[first]!.start, end, kind: 'email' })
    free = last + 1
  })
  return found
}

function lastOfDomain(words: readonly Word[], first: number): number | undefined {
  if (/[\p{L}\p{N}]\.\p{L}{2}/u.test(words[first]?.text ?? '')) return first
  let dot = first + 1
  while (dot <= first + LABEL_WORDS && dot < words.length && !DOT.has(words[dot]!.text)) dot++
  let last: number | undefined
  while (DOT.has(words[dot]?.text ?? '') && words[dot + 1] !== undefined) {
    last = dot + 1
    dot += 2
  }
  return last
}

/** In front of an address, and no part of one. */
const NO_NAMES: ReadonlySet<string> = new Set(
  "is it's its mail email e-mail address to at or and the a my me on you your שלי הוא זה מייל המייל אל".split(
    ' ',
  ),
)

/** Two words at most, and all that a link, a single letter or a figure ties to them. */
function firstOfName(words: readonly Word[], last: number, free: number): number {
  let first = last
  while (first > free) {
    const before = words[first - 1]!.text
    if (LINKS.has(before)) first -= first - 2 >= free ? 2 : 1
    else if (before.length === 1 || isFigure(before) || isFigure(words[first]!.text)) first--
    else break
  }
  return first === last && first > free && !NO_NAMES.has(words[first - 1]!.text) ? first - 1 : first
}

function isFigure(word: string): boolean {
  const kind = numberWordOf(word)?.kind
  return /^[0-9]+$/.test(word) || kind === 'digits' || kind === 'tens'
}
