/** What is written where no key is asked for, or none is there yet; and words of JSON. */
const PLACEHOLDERS: ReadonlySet<string> = new Set(
  (
    'true false null none nil undefined nothing empty default unset unused disabled enabled required optional yes no ' +
    'test testing example sample demo dummy fake placeholder changeme change-me change_me changeit secret password ' +
    'passwd token apikey api-key api_key your-key your_key your-api-key your_api_key my-key my_key anything whatever ' +
    'not-needed not_needed not-required not_required not-used no-key no_key nokey n/a na todo tbd xxx ollama local'
  ).split(' '),
)
const SIGNS_ALONE = /^[^\p{L}\p{N}]*$|^(.)\1*$/u
/** A port, a year, a number of seconds. */
const SMALL_NUMBER = /^[+-]?[0-9]{1,6}(?:\.[0-9]+)?$/

/**
 * Whether a value guards nothing, although it stands where a secret does: a placeholder, a word of JSON, a small
 * number. To hide it would hide that word in every text.
 */
export function isPlaceholder(text: string): boolean {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/^[<[{(](.*)[>\]})]$/, '$1')
  return PLACEHOLDERS.has(word) || SIGNS_ALONE.test(word) || SMALL_NUMBER.test(word)
}
