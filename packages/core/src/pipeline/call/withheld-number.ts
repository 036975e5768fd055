type CallValues = Readonly<Record<string, string>>

/**
 * A caller who shows no number. Carriers write that as a word, as SIP does it (RFC 3323: `sip:anonymous@anonymous.invalid`),
 * or as a "number" that spells the word on a keypad: Twilio's `+266696687` is ANONYMOUS.
 */
const WORDS: readonly string[] = [
  'anonymous',
  'restricted',
  'unknown',
  'private',
  'unavailable',
  'blocked',
  'withheld',
  'hidden',
  'suppressed',
]
/** What some write in their place, without "number", "id" and the like at the end. */
const PHRASES: ReadonlySet<string> = new Set([
  ...WORDS,
  'no',
  'no caller',
  'no callerid',
  'not available',
  'out of area',
  'null',
  'undefined',
  'none',
])

const KEYS = ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz']

/** With the plus only: without it `266696687` is somebody's number in Portugal. */
const SPELLED: ReadonlySet<string> = new Set(WORDS.map((word) => `+${onKeypad(word)}`))

/** What the model and the record are told in place of such a number; a word that is fit to be read. */
export const WITHHELD = 'withheld'

/** Values that name a line, under which a word such as `private` is a caller who shows no number. */
const LINE = /^(from|to|caller|callee|called|calling|forwarded|ani|cli|number|phone)$/
/** Names of places and of people's plans have `from` in them too. */
const NO_LINE = /^(country|state|city|zip|region|type|name)$/

/** A value that says that there is no number, whatever it looks like. */
export function isWithheldNumber(value: string): boolean {
  const user = userOf(value)
  return user === undefined || SPELLED.has(user) || PHRASES.has(plainWords(user))
}

/**
 * A call's values without those that are no numbers, for what is spoken and sent on. Under a name of a line a word
 * is enough; under any other only what cannot be meant otherwise.
 */
export function withoutWithheld(values: CallValues): CallValues {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => !withholds(name, value)))
}

/** The same values with `WITHHELD` in those places, for whoever is to know that there is no number. */
export function tellWithheld(values: CallValues): CallValues {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, withholds(name, value) ? WITHHELD : value]),
  )
}

function withholds(name: string, value: string): boolean {
  if (namesLine(name)) return isWithheldNumber(value)
  const user = userOf(value)
  return user === undefined || SPELLED.has(user)
}

/** `from`, `forwarded_from`, `callerNumber`, `caller-id`. */
function namesLine(name: string): boolean {
  const parts = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
  return parts.some((part) => LINE.test(part)) && !parts.some((part) => NO_LINE.test(part))
}

/** The user part of a SIP or tel address, else the value; `undefined` when its host is one that cannot be (RFC 2606). */
function userOf(value: string): string | undefined {
  const address = /<([^<>]*)>/.exec(value)?.[1] ?? value
  const [user = '', host] = address
    .trim()
    .replace(/^(sips?|tel):/i, '')
    .split(/[;?]/, 1)[0]!
    .split('@')
  if (host !== undefined && /\.invalid(:\d+)?$/i.test(host)) return undefined
  return user.trim()
}

function plainWords(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ')
    .trim()
  return /\d/.test(text) ? '' : words.replace(/ (caller|number|call|id)$/, '')
}

function onKeypad(word: string): string {
  return [...word].map((letter) => KEYS.findIndex((letters) => letters.includes(letter)) + 2).join('')
}
