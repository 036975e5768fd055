import type { PrivateSpan } from './redaction-settings.ts'

/** A word, and when it was said. */
export interface SaidWord {
  readonly word: string
  readonly startMs: number
  readonly endMs: number
}

/** When a text was said, all of one clock. */
export interface SaidTimes {
  /** When it was over, at the earliest; absent: not known. */
  readonly endedMs: number | undefined
  /** All words of the text, in order; absent: their times are not known. */
  readonly words: readonly SaidWord[] | undefined
}

export interface Stretch {
  readonly fromMs: number
  readonly toMs: number
}

/** Nobody speaks faster: times that say so are none. */
const LEAST_MS_PER_CHARACTER = 30
/** A silence beside a word is taken for a part of it, up to so much: recognisers are late with beginnings, not sure of ends. */
const MOST_SILENCE_MS = 800
const TOKEN = /\S+/gu

/**
 * When a stretch of a text was said. The text may be written otherwise than it was said ("4111" for four words), so
 * words are counted from both ends, as far as they are the same: what may belong to the stretch does. `undefined`:
 * the times are none that speech could have, between `sinceMs` and `untilMs`.
 */
export function stretchOf(
  text: string,
  { start, end }: Pick<PrivateSpan, 'start' | 'end'>,
  words: readonly SaidWord[],
  { fromMs: sinceMs, toMs: untilMs }: Stretch,
): Stretch | undefined {
  if (!areTimes(words, sinceMs, untilMs)) return undefined
  const tokens = Array.from(text.matchAll(TOKEN), ({ 0: token, index }) => ({
    plain: plain(token),
    from: index,
    to: index + token.length,
  })).filter((token) => token.plain !== '')
  const said = words.map(({ word }) => plain(word))
  const before = tokens.filter(({ to }) => to <= start).map((token) => token.plain)
  const behind = tokens.filter(({ from }) => from >= end).map((token) => token.plain)
  const first = sameAtStart(before, said)
  const last = said.length - 1 - sameAtStart(behind.toReversed(), said.toReversed())
  // Nothing is left for the stretch itself.
  if (first > last) return undefined
  const fromMs = words[first]!.startMs
  const toMs = words[last]!.endMs
  if (toMs - fromMs < (end - start) * LEAST_MS_PER_CHARACTER) return undefined
  const silentMs = words[first - 1]?.endMs ?? fromMs
  const nextMs = words[last + 1]?.startMs ?? toMs
  return {
    fromMs: Math.min(fromMs, Math.max(silentMs, fromMs - MOST_SILENCE_MS)),
    toMs: Math.max(toMs, Math.min(nextMs, toMs + MOST_SILENCE_MS)),
  }
}

/** Recognisers count to a tenth of a second, and words of a segment may begin a little before it. */
const TOLERANCE_MS = 500

function areTimes(words: readonly SaidWord[], sinceMs: number, untilMs: number): boolean {
  let beforeMs = sinceMs - TOLERANCE_MS
  for (const { startMs, endMs } of words) {
    if (!(startMs >= beforeMs && endMs >= startMs && endMs <= untilMs + TOLERANCE_MS)) return false
    beforeMs = startMs
  }
  return words.length > 0
}

function sameAtStart(tokens: readonly string[], said: readonly string[]): number {
  let same = 0
  while (same < tokens.length && same < said.length && tokens[same] === said[same]) same++
  return same
}

function plain(word: string): string {
  return word
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '')
}
