import { type NumberRun, numbersIn } from './number-runs.ts'
import { cardsInGroups, type DigitGroup } from './said-cards.ts'

/** Longer than any value that Kav writes: what is behind them is judged each by itself. */
const MOST_VALUES = 1000
/** More digits are no part of a card, but one with something behind it. */
const MOST_OF_PART = 18
/** Few numbers are what a model writes down of a card; of many, some are one by chance, and seldom all of them. */
const FEW = 8
const MANY = 64

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
  return new Set(partsOfCards(parts).map((index) => parts[index]!.at))
}

/** The same of numbers in a text that has fields. */
export function partedRuns(runs: readonly NumberRun[]): readonly NumberRun[] {
  const groups = runs.map(({ tokens, wordsBefore }) => ({
    digits: tokens.map(({ digits }) => digits),
    wordsBefore,
  }))
  return partsOfCards(groups).map((index) => runs[index]!)
}

function partsOfCards(groups: readonly DigitGroup[]): number[] {
  if (groups.length > MANY) return []
  const found: number[] = []
  for (const { first, last, skipped } of cardsInGroups(groups, 0)) {
    const card = groups.slice(first, last + 1)
    const areAll = card.length === groups.length
    if (skipped > 0 || (groups.length > FEW && !areAll && !areParts(card))) continue
    for (let at = first; at <= last; at++) found.push(at)
  }
  return found
}

/** As cards are printed and read out: parts of one size, the last one shorter or with what follows, or 4, 6 and the rest. */
function areParts(card: readonly DigitGroup[]): boolean {
  const [size, ...others] = card.map(({ digits }) => digits.join('').length)
  const middle = others.slice(0, -1)
  return middle.every((one) => one === size) || (size === 4 && middle.length === 1 && middle[0] === 6)
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
