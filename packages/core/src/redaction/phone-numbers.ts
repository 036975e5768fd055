import type { NumberRun } from './number-runs.ts'
import type { PrivateSpan } from './redaction-settings.ts'

const SHAPES = [
  // North America, with or without its 1.
  /^1?[2-9][0-9]{9}$/,
  // National, with the 0 in front: Israel, Britain, most of Europe.
  /^0[1-9][0-9]{7,9}$/,
  /^972[2-9][0-9]{7,8}$/,
  // Israel's common and free lines.
  /^1(?:[578]00|599|700|801)[0-9]{6}$/,
  // With the way out of the country.
  /^0(?:0|11)[1-9][0-9]{8,13}$/,
]
const MOST_TOKENS = 18

/** Phone numbers in numbers of a text: by their shape, or a `+` in front. */
export function phonesIn(text: string, runs: readonly NumberRun[]): PrivateSpan[] {
  return runs.flatMap((run) => phonesOfRun(text, run))
}

function phonesOfRun(text: string, { tokens }: NumberRun): PrivateSpan[] {
  const found: PrivateSpan[] = []
  for (let first = 0; first < tokens.length; first++) {
    const last = lastOfPhone(text, tokens, first)
    if (last === undefined) continue
    found.push({ start: startOf(text, tokens[first]!.start), end: tokens[last]!.end, kind: 'phone' })
    first = last
  }
  return found
}

/** The longest that fits. */
function lastOfPhone(text: string, tokens: NumberRun['tokens'], first: number): number | undefined {
  const hasPlus = text[tokens[first]!.start - 1] === '+'
  let digits = ''
  let fitting: number | undefined
  for (let at = first; at < tokens.length && at < first + MOST_TOKENS; at++) {
    digits += tokens[at]!.digits
    if (digits.length > 15) break
    if (isPhone(digits, hasPlus) || (at === first + 1 && isLocal(text, tokens, first))) fitting = at
  }
  return fitting
}

function isPhone(digits: string, hasPlus: boolean): boolean {
  return (hasPlus && digits.length >= 8) || SHAPES.some((shape) => shape.test(digits))
}

/** `555-1234` */
function isLocal(text: string, tokens: NumberRun['tokens'], first: number): boolean {
  const [area, line] = [tokens[first]!, tokens[first + 1]!]
  return area.digits.length === 3 && line.digits.length === 4 && text.slice(area.end, line.start) === '-'
}

function startOf(text: string, start: number): number {
  let at = start
  while (at > 0 && (text[at - 1] === '+' || text[at - 1] === '(')) at--
  return at
}
