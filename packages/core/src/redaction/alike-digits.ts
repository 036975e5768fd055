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
  const isKnown = (at: number): boolean => known.some(({ start, end }) => start <= at && at < end)
  return found.filter(({ start, end }) => {
    const tokens = runs.flatMap((run) => run.tokens.filter((token) => token.end > start && token.start < end))
    const left = tokens.filter((token) => !isKnown(token.end - 1))
    const isBeside = left.length < tokens.length && left.length <= MOST_BESIDE
    return !(isBeside && left.every(({ alike }) => alike))
  })
}

/** "4000 to 4500": a word between two numbers of more than one digit is no digit of them. */
export function isRange({ tokens }: NumberRun): boolean {
  const isLong = (at: number): boolean => (tokens[at]?.digits.length ?? 0) > 1
  return tokens.some(({ alike }, at) => alike && isLong(at - 1) && isLong(at + 1))
}
