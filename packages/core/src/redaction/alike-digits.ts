import type { NumberRun } from './number-runs.ts'
import type { PrivateSpan } from './redaction-settings.ts'

/** "Thanks for" in front of a number, and "to" behind it: so many words more are no part of one. */
const MOST_BESIDE = 2

/**
 * Of what is found where words that only sound like digits are digits: what is not known without them, but for words
 * that stand beside a number.
 */
export function onlyAlike(
  found: readonly PrivateSpan[],
  runs: readonly NumberRun[],
  known: readonly PrivateSpan[],
): PrivateSpan[] {
  if (found.length === 0) return []
  const tokens = runs.flatMap((run) => run.tokens)
  const left = tokens.filter(isOutside(known))
  return found.filter((span) => {
    const more = within(left, span)
    const isBeside = more.length <= MOST_BESIDE && more.length < within(tokens, span).length
    return !(isBeside && more.every(({ alike }) => alike))
  })
}

type Token = NumberRun['tokens'][number]

function isOutside(known: readonly PrivateSpan[]): (token: Token) => boolean {
  const spans = known.toSorted((one, other) => one.start - other.start)
  let at = 0
  let end = -1
  return (token) => {
    for (; at < spans.length && spans[at]!.start < token.end; at++) end = Math.max(end, spans[at]!.end)
    return end < token.end
  }
}

/** Those that begin in it. Tokens are in order. */
function within(tokens: readonly Token[], { start, end }: PrivateSpan): readonly Token[] {
  return tokens.slice(firstFrom(tokens, start), firstFrom(tokens, end))
}

function firstFrom(tokens: readonly Token[], start: number): number {
  let [low, high] = [0, tokens.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (tokens[middle]!.start < start) low = middle + 1
    else high = middle
  }
  return low
}

/** "4000 to 4500": a word between two numbers of more than one digit is no digit of them. */
export function isRange({ tokens }: NumberRun): boolean {
  const isLong = (at: number): boolean => (tokens[at]?.digits.length ?? 0) > 1
  return tokens.some(({ alike }, at) => alike && isLong(at - 1) && isLong(at + 1))
}
