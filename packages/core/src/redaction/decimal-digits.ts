/** Whether a text begins with a digit of any script. */
export function isDigit(text: string): boolean {
  return /^\p{Nd}/u.test(text)
}

/** Digits of any script as those of ASCII. */
export function plainDigits(digits: string): string {
  return /^[0-9]+$/.test(digits) ? digits : Array.from(digits, valueOf).join('')
}

const values = new Map<string, number>()

/** Unicode keeps the ten digits of a script together, and nothing but digits next to them. */
function valueOf(digit: string): number {
  let value = values.get(digit)
  if (value === undefined) {
    const code = digit.codePointAt(0)!
    let first = code
    while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first--
    value = (code - first) % 10
    values.set(digit, value)
  }
  return value
}
