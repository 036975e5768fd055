import { createPhraseSet, type PhraseSet } from '../phrase-set.ts'
import type { WordLists } from '../word-lists.ts'

/** Tells whether an utterance ends inside a number, or a spelled word, that is being read out. */
export type NumberRun = (text: string, words: readonly string[]) => boolean

/** A string of digits this long is more likely a part of a number than a count. */
const MIN_DIGITS = 3

type Part = 'digit' | 'tens' | 'other' | 'digits'

/**
 * Inside a number: two or more numbers in a row ("five five"), a written number of three digits or more or with a
 * leading zero, a single number after a cue ("my number is five") or a link ("double five"), a link ("three point"), the
 * beginning of an address ("flat three"), two letters in a row ("d a"). No number to be continued: one number ("for five", "twenty five", "חמש עשרה"), a time of day after its
 * cue ("at seven thirty"), money.
 */
export function createNumberRun(lists: WordLists): NumberRun {
  const digits = new Set(lists.digits)
  const tens = new Set(lists.tens)
  const others = new Set(lists.numbers)
  const repeats = new Set(lists.repeats)
  const links = createPhraseSet([...lists.numberLinks, ...lists.repeats])
  const cues: PhraseSet = createPhraseSet(lists.numberCues)
  const addresses: PhraseSet = createPhraseSet(lists.addressCues)
  const times: PhraseSet = createPhraseSet(lists.timeCues)

  function partOf(word: string): Part | undefined {
    if (/^\p{Nd}+$/u.test(word)) return 'digits'
    // Hebrew joins the last part with a vav: עשרים וחמש.
    for (const form of word.startsWith('ו') ? [word, word.slice(1)] : [word]) {
      if (digits.has(form)) return 'digit'
      if (tens.has(form)) return 'tens'
      if (others.has(form)) return 'other'
    }
    return undefined
  }

  /** "Double" is a word of other things, too, unless it stands behind a number. */
  function endsInLink(words: readonly string[]): boolean {
    if (words.length < 2 || !links.isEndOf(words)) return false
    const before = words.slice(0, -1)
    return !repeats.has(words.at(-1)!) || partOf(before.at(-1)!) !== undefined || cues.isEndOf(before)
  }

  return (text, words) => {
    const parts: Part[] = []
    let start = words.length
    for (let part = partOf(words[start - 1] ?? ''); part; part = partOf(words[start - 1] ?? '')) {
      parts.unshift(part)
      start--
    }
    const before = words.slice(0, start)
    if (parts.length === 0) return isSpelling(words) || endsInLink(words)
    const run = words.slice(start)
    const written = run.filter((word) => /^\p{Nd}/u.test(word)).join('')
    if (times.isEndOf(before) && parts.length <= 2 && written.length <= 4 && !written.startsWith('0'))
      return false
    // Codes have letters and digits: "k four".
    if (/^[b-hj-z]$/u.test(before.at(-1) ?? '')) return true
    if (countNumbers(parts) > 1 || cues.isEndOf(before) || addresses.has(before) || links.isEndOf(before))
      return true
    const last = run.at(-1)!
    if (!/^\p{Nd}/u.test(last) || endsInMoney(text)) return false
    return last.length >= MIN_DIGITS || (last.length > 1 && last.startsWith('0'))
  }
}

function endsInMoney(text: string): boolean {
  const behindLetters = text.split(/\p{L}/u).at(-1)!
  return /\p{Sc}\s*\p{Nd}/u.test(behindLetters)
}

/** "twenty five", "two hundred" and "חמש עשרה" are one number, "five five" are two. */
function countNumbers(parts: readonly Part[]): number {
  let count = 0
  parts.forEach((part, index) => {
    const previous = parts[index - 1]
    const joins =
      (previous === 'tens' && part === 'digit') ||
      (previous === 'digit' && part === 'other') ||
      (previous === 'other' && part !== 'digits')
    if (!joins) count++
  })
  return count
}

/** Written apart, and yet no spelling. */
const NO_SPELLING = new Set(['ai', 'ia', 'aa', 'ii', 'am', 'pm', 'ok', 'tv', 'us', 'uk', 'id', 'pc'])

function isSpelling(words: readonly string[]): boolean {
  const [previous = '', last = ''] = words.slice(-2)
  return /^[a-z]$/.test(last) && /^[a-z]$/.test(previous) && !NO_SPELLING.has(previous + last)
}
