import { numbersIn } from './number-runs.ts'
import { cardsInGroups, type DigitGroup } from './said-cards.ts'

/** Longer than any value that Kav writes: what is behind them is judged each by itself. */
const MOST_VALUES = 1000
/** More digits are no part of a card, but one with something behind it. */
const MOST_OF_PART = 18

/** Which of these values, in their order, are parts of one card: `{"first": "4111", "second": "1111", …}`. */
export function partedCards(values: Iterable<string>): ReadonlySet<number> {
  const parts: (DigitGroup & { readonly at: number })[] = []
  let others = 0
  let at = -1
  for (const value of values) {
    if (++at >= MOST_VALUES) break
    const digits = digitsOf(value)
    if (digits === undefined) others++
    else {
      parts.push({ at, digits, wordsBefore: others })
      others = 0
    }
  }
  const found = new Set<number>()
  for (const { first, last } of cardsInGroups(parts, 0))
    for (const { at } of parts.slice(first, last + 1)) found.add(at)
  return found
}

/** Of a value that is digits, or words of digits, and nothing else. */
function digitsOf(value: string): readonly string[] | undefined {
  if (value.length > 100) return undefined
  const { runs, wordsBehind } = numbersIn(value, { written: true, alike: true })
  const [run, ...more] = runs
  if (run === undefined || more.length > 0 || run.wordsBefore + wordsBehind > 0) return undefined
  const digits = run.tokens.map((token) => token.digits)
  return digits.join('').length > MOST_OF_PART ? undefined : digits
}
