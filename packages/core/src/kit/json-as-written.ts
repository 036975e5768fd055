/** A text of JSON, to the end where it was cut off, or a number outside of one. */
const TEXT_OR_NUMBER = /"(?:[^"\\]|\\[^])*(?:"|\\?$)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
const LONG_NUMBER = /\d{16}/
const ESCAPE = /\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|\\u([0-9a-f]{4})|\\([^])/gi

/** Nobody counts so far: what is longer is digits. */
const MAX_EXACT_CHARS = 40

/** A value of JSON, its numbers as `quoteLongNumbers` leaves them; `undefined`: the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(quoteLongNumbers(text))
  } catch {
    return undefined
  }
}

/**
 * The same JSON with every whole number that a double would alter as a text of its digits: an id of 19 digits that is
 * read as a number is the id of somebody else.
 */
export function quoteLongNumbers(json: string): string {
  // Cheaper than to look at each: most have none.
  if (!LONG_NUMBER.test(json)) return json
  return json.replace(TEXT_OR_NUMBER, (token) => (isAltered(token) ? `"${token}"` : token))
}

/** Whether a double would alter the whole number. */
export function isAltered(token: string): boolean {
  if (token.length <= 15 || !/^-?\d+$/.test(token)) return false
  return token.length > MAX_EXACT_CHARS || BigInt(token) !== BigInt(Number(token))
}

/**
 * The same JSON with its letters as they are, where a service has escaped whatever is not ASCII, and the slash: the
 * model reads words, and a secret is found in any spelling.
 */
export function unescapeLetters(json: string): string {
  if (!/^\s*[[{"]/.test(json) || !json.includes('\\')) return json
  return json.replace(
    ESCAPE,
    (whole, high: string | undefined, low: string | undefined, unit: string | undefined, mark) => {
      if (high !== undefined) return String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low!, 16))
      if (unit === undefined) return mark === '/' ? '/' : whole
      const letter = String.fromCharCode(Number.parseInt(unit, 16))
      return /[\u0000-\u001f"\\\u007f-\u009f\ud800-\udfff]/.test(letter) ? whole : letter
    },
  )
}
