import { linearPattern } from '../../kit/linear-expression.ts'

type Schema = Readonly<Record<string, unknown>>

/** Longer ones are not guessed at. */
const MAX_TEXT = 200
/** What is put around a value where it is copied from. */
const AROUND = ' \t\r\n"\'`<>“”„‘’«»'

const UNIT_MS: Readonly<Record<string, number>> = {
  ...{ ms: 1, msec: 1, millisecond: 1, milliseconds: 1 },
  ...{ s: 1000, sec: 1000, secs: 1000, second: 1000, seconds: 1000 },
  ...{ m: 60_000, min: 60_000, mins: 60_000, minute: 60_000, minutes: 60_000 },
  ...{ h: 3_600_000, hour: 3_600_000, hours: 3_600_000 },
}

/** What a text most likely says as a number of this schema: `2s`, `0,3`, `1 320`, `٣٢٠`. `undefined` when that would not fit. */
export function meantNumber(text: string, name: string, schema: Schema): number | undefined {
  if (text.length > 30) return undefined
  const plain = asciiDigits(visible(text)).replace('\u2212', '-').trim().toLowerCase()
  const [, digits = '', unit = ''] = /^([-+]?\d[\d.,_ ]*?) ?([a-z%]*)[,;]?$/.exec(plain) ?? []
  const factor = factorOf(unit, name)
  const value = factor === undefined ? Number.NaN : figure(digits, schema) * factor
  const rounded = Number(value.toPrecision(12))
  return fitsNumber(rounded, schema) ? rounded : undefined
}

/** A comma before three digits stands for thousands where no fraction is wanted. */
function figure(digits: string, schema: Schema): number {
  const joined = digits.replaceAll(/[_ ]/g, '')
  if (joined === '') return Number.NaN
  if (schema['type'] === 'integer' && /^[-+]?\d{1,3}([.,]\d{3})+$/.test(joined))
    return Number(joined.replaceAll(/[.,]/g, ''))
  return Number(joined.replace(',', '.'))
}

function factorOf(unit: string, name: string): number | undefined {
  if (unit === '') return 1
  if (/_ms$/i.test(name)) return UNIT_MS[unit]
  if (unit === '%') return 0.01
  return name.toLowerCase().endsWith(`_${unit}`) ? 1 : undefined
}

function fitsNumber(value: number, schema: Schema): boolean {
  if (!Number.isFinite(value) || (schema['type'] === 'integer' && !Number.isInteger(value))) return false
  const { minimum, maximum } = schema
  return (
    !(typeof minimum === 'number' && value < minimum) && !(typeof maximum === 'number' && value > maximum)
  )
}

/** What the text most likely is, written so that the pattern takes it; `undefined` when no guess does. */
export function meantText(text: string, pattern: string): string | undefined {
  if (text.length > MAX_TEXT) return undefined
  const bare = withoutAround(visible(text.normalize('NFKC')))
  const number = /^(tel:)?[+\d\s()./-]+$/i.test(bare) ? bare.replaceAll(/[^+\d]/g, '') : ''
  const [span = '', unit = ''] =
    bare
      .toLowerCase()
      .match(/^p?(\d{1,5}) ?([a-z])/)
      ?.slice(1) ?? []
  const guesses = [
    bare,
    bare.toLowerCase(),
    number,
    number.replace(/^00/, '+'),
    `+${number}`,
    `${span}${unit}`,
    bare.replace(/^wss:/i, 'https:').replace(/^ws:/i, 'http:'),
    `https://${bare}`,
    bare.replaceAll(/\s+/g, '-'),
    bare.replaceAll(/\W+/g, '_'),
  ]
  return guesses.find(
    (guess) => guess !== text && /[\p{L}\p{N}]/u.test(guess) && fitsPattern(guess, pattern) === true,
  )
}

/** `undefined` for a pattern that takes more than linear time: such a one is left to who checks. */
export function fitsPattern(text: string, pattern: string): boolean | undefined {
  try {
    return linearPattern(pattern, MAX_TEXT).test(text)
  } catch {
    return undefined
  }
}

function withoutAround(text: string): string {
  let [from, to] = [0, text.length]
  while (from < to && AROUND.includes(text.charAt(from))) from++
  while (to > from && AROUND.includes(text.charAt(to - 1))) to--
  return text.slice(from, to)
}

/** Without what nobody sees: marks of direction, zero-width characters, soft hyphens. */
export function visible(text: string): string {
  return text.replaceAll(/\p{Cf}/gu, '')
}

/** Decimal digits of any script as those of ASCII. */
function asciiDigits(text: string): string {
  return text.replaceAll(/\p{Nd}/gu, (digit) => {
    let zero = digit.codePointAt(0)!
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && digit.codePointAt(0)! - zero < 9) zero--
    return String(digit.codePointAt(0)! - zero)
  })
}
