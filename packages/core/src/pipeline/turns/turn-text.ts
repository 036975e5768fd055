/** Comparing, joining and weighing what a recogniser said. Pure. */

/** Words alone: case, punctuation and spacing do not make a difference. */
export function wordsOf(text: string): readonly string[] {
  return text
    .toLocaleLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}'’]+/gu, ' ')
    .trim()
    .split(' ')
    .filter((word) => word !== '')
}

export function sameWords(a: string, b: string): boolean {
  return wordsOf(a).join(' ') === wordsOf(b).join(' ')
}

export function joinText(...parts: readonly string[]): string {
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ')
}

/** What is kept of one turn: a caller who goes on for half an hour is answered on the end of it. */
export const MAX_TURN_CHARS = 20_000

/** Whether `text` has these words, in this order, with none between them; not where there are none. */
export function containsWords(text: string, words: string): boolean {
  const sought = wordsOf(words)
  return sought.length > 0 && ` ${wordsOf(text).join(' ')} `.includes(` ${sought.join(' ')} `)
}

/** The recogniser wrote that a sentence ends here. */
export function endsInMark(text: string): boolean {
  return /[.?!。！？؟]\s*$/u.test(text.slice(-4)) && !/\.\.\s*$/u.test(text.slice(-4))
}

/** An ellipsis is none. */
export function withoutFullStop(text: string): string {
  const end = text.trimEnd()
  return /(?:^|[^.。])[.。]$/u.test(end.slice(-2)) ? end.slice(0, -1) : text
}

/** It wrote that this was a question. */
export function endsInQuestionMark(text: string): boolean {
  return /[?？؟]\s*$/u.test(text.slice(-4))
}

/** The end of a text that is too long for a turn, from a word on. */
export function endOfTurn(text: string): string {
  return text.length <= MAX_TURN_CHARS ? text : text.slice(-MAX_TURN_CHARS).replace(/^\S*\s+/u, '')
}

/**
 * What `text` adds to `answered`, when a recogniser goes on with a segment whose beginning was answered already.
 * The beginning may have been revised, so half of its words in place are enough to know it again.
 */
export function textAfter(answered: string, text: string): string {
  const known = wordsOf(answered)
  if (known.length === 0) return text.trim()
  const spoken = text.trim().split(/\s+/u)
  const words = spoken.map((word) => wordsOf(word).join(' '))
  const matching = known.filter((word, index) => words[index] === word).length
  return matching * 2 < known.length ? text.trim() : spoken.slice(known.length).join(' ')
}

/** The phrases of the configuration, taken apart once: they are compared with every word of every call. */
const knownPhrases = new Map<string, readonly string[]>()

function phraseWords(phrase: string): readonly string[] {
  const known = knownPhrases.get(phrase)
  if (known) return known
  const words = wordsOf(phrase)
  knownPhrases.set(phrase, words)
  return words
}

/**
 * How many words of `text` are more than a listener's noise, at the least. `backchannels` are phrases such as "mm-hm" or
 * "I see", which may stand one behind the other: "oh no way" is "oh" and "no way", though it begins with "oh no".
 * `unfinished`: at the end the beginning of one is enough.
 */
export function meaningfulWords(text: string, backchannels: readonly string[], unfinished = false): number {
  const words = wordsOf(text)
  const phrases = backchannels.map(phraseWords).filter((phrase) => phrase.length > 0)
  const beginningFrom = words.length - Math.max(0, ...phrases.map((phrase) => phrase.length))
  /** From each place on, to the end. */
  const least = new Uint32Array(words.length + 1)
  for (let at = words.length - 1; at >= 0; at--) {
    let count = (least[at + 1] ?? 0) + 1
    for (const phrase of phrases) {
      const behind = least[at + phrase.length]
      if (behind !== undefined && behind < count && isAt(words, at, phrase)) count = behind
    }
    const mayBeBeginning = unfinished && at >= beginningFrom
    least[at] = mayBeBeginning && beginsOne(words.slice(at), phrases) ? 0 : count
  }
  return least[0] ?? 0
}

function isAt(words: readonly string[], at: number, phrase: readonly string[]): boolean {
  return phrase.every((word, index) => words[at + index] === word)
}

/**
 * Whether the last word is half of one that makes the text a listener's noise: "אוק" of "אוקיי". What is a word of its
 * own by `mayBeHalf` is not: "no" of "noted".
 */
export function endsInHalfOfOne(
  text: string,
  backchannels: readonly string[],
  mayBeHalf: (word: string) => boolean,
): boolean {
  const words = wordsOf(text)
  const last = words.at(-1) ?? ''
  if (last.length < MIN_HALF || !mayBeHalf(last)) return false
  return backchannels.some((phrase) => {
    const whole = phraseWords(phrase).at(-1) ?? ''
    if (!whole.startsWith(last) || whole === last) return false
    return meaningfulWords([...words.slice(0, -1), whole].join(' '), backchannels) === 0
  })
}

/** Letters. */
const MIN_HALF = 2

/**
 * Whether the words that are to come may make the text a listener's: "I" of "I see". What `standsAlone` may be all:
 * "no" of "no way".
 */
export function mayBecomeListeners(
  text: string,
  backchannels: readonly string[],
  standsAlone: (text: string) => boolean,
): boolean {
  const words = wordsOf(text)
  const phrases = backchannels.map(phraseWords)
  for (let at = Math.max(0, words.length - LONGEST_BEGINNING); at < words.length; at++) {
    const end = words.slice(at)
    const begins = phrases.some(
      (phrase) => phrase.length > end.length && end.every((word, index) => phrase[index] === word),
    )
    if (!begins || standsAlone(end.join(' '))) continue
    if (meaningfulWords(words.slice(0, at).join(' '), backchannels) === 0) return true
  }
  return false
}

/** Words: the longest phrases have one more. */
const LONGEST_BEGINNING = 3

/** The last word may be half said, too: "ye". */
function beginsOne(words: readonly string[], phrases: readonly (readonly string[])[]): boolean {
  const last = words.length - 1
  return phrases.some((phrase) =>
    words.every((word, index) => (index === last ? phrase[index]?.startsWith(word) : phrase[index] === word)),
  )
}
