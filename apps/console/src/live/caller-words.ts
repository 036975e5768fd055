/**
 * What the caller is saying and no turn has taken yet. Recognition settles words when it likes: a turn may end on words
 * that are not settled, and what settles them comes behind it and says them once more.
 */
export interface CallerWords {
  /** Settled segments since the last turn. */
  readonly settled: string
  /** The segment that may still change, as it was told. */
  readonly segment: string
  /** What of it is new. */
  readonly fresh: string
  /** The segment that the last turn took while it might still change; empty: none, or it is settled by now. */
  readonly owed: string
  /** What was settled last: a recogniser may say it again. */
  readonly last: string
}

export const NO_WORDS: CallerWords = { settled: '', segment: '', fresh: '', owed: '', last: '' }

/** Words came that may still change. */
export function afterPartial(words: CallerWords, text: string): CallerWords {
  return { ...words, segment: text, fresh: beyond(words.owed, text), last: '' }
}

/** A segment is settled. */
export function afterFinal(words: CallerWords, text: string): CallerWords {
  const isOwed = words.owed !== '' && words.fresh === ''
  const isAgain = words.segment === '' && words.last !== '' && isSame(words.last, text)
  const rest = isAgain ? '' : isOwed ? continued(words.owed, text) : beyond(words.owed, text)
  return { settled: joined(words.settled, rest), segment: '', fresh: '', owed: '', last: text }
}

/** A turn has taken all that was said. */
export function afterTurn(words: CallerWords): CallerWords {
  const { segment, last } = words
  return { ...NO_WORDS, owed: segment === '' ? words.owed : segment, last }
}

/** The agent has spoken to its end: words that it took no notice of are over. */
export function afterReply(words: CallerWords): CallerWords {
  return { ...words, settled: '' }
}

/** `undefined`: nothing is being said. */
export function wordsShown({ settled, fresh }: CallerWords): string | undefined {
  const shown = joined(settled, fresh)
  return shown === '' ? undefined : shown
}

/** What is said behind `owed`; nothing where these words are another reading of it. */
function beyond(owed: string, text: string): string {
  if (owed === '') return text
  const [told, now] = [wordsOf(owed), wordsOf(text)]
  if (beginsWith(now, told)) return continued(owed, text)
  const known = now.filter((word) => told.includes(word)).length
  return known * 2 >= now.length ? '' : text
}

/** What follows, where the words are those of `owed` and more; else nothing. */
function continued(owed: string, text: string): string {
  const [told, now] = [wordsOf(owed), wordsOf(text)]
  if (!beginsWith(now, told) || now.length === told.length) return ''
  const parts = text.split(/\s+/).filter((part) => part !== '')
  return parts.slice(parts.length - (now.length - told.length)).join(' ')
}

function beginsWith(words: readonly string[], start: readonly string[]): boolean {
  return start.every((word, index) => words[index] === word)
}

function isSame(one: string, other: string): boolean {
  return wordsOf(one).join(' ') === wordsOf(other).join(' ')
}

/** One for each run of letters between spaces; signs and capitals may change when words are settled. */
function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .map((word) => word.replaceAll(/[^\p{L}\p{N}]/gu, ''))
    .filter((word) => word !== '')
}

function joined(before: string, more: string): string {
  return before === '' || more === '' ? before + more : `${before} ${more}`
}
