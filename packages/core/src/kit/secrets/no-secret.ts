/** What is written where no key is asked for, or none is there yet; and words of JSON. */
const PLACEHOLDERS: ReadonlySet<string> = new Set(
  (
    'true false null none nil undefined nothing empty default unset unused disabled enabled required optional yes no ' +
    'test testing example sample demo dummy fake placeholder changeme change-me change_me changeit secret password ' +
    'passwd token apikey api-key api_key your-key your_key your-api-key your_api_key my-key my_key anything whatever ' +
    'not-needed not_needed not-required not_required not-used no-key no_key nokey n/a na todo tbd xxx ollama local'
  ).split(' '),
)
/**
 * What Kav itself writes beside what was said, and is longer than `SHORT_WORD`: words of a JSON Schema, who speaks, why
 * a call ended.
 */
const OWN_WORDS: ReadonlySet<string> = new Set(
  (
    'string number integer boolean object array description properties additionalproperties required pattern format ' +
    'minlength maxlength caller agent assistant system developer transcript pipeline transport greeting realtime ' +
    'transferred gave-up transport-error shutdown failure transfer rejected operator inbound outbound duration interrupted conversation recording webhook'
  ).split(' '),
)
/** Words of which what stands in place of a secret is made, in a guide or a form: `<your auth token here>`. */
const OF_PLACEHOLDERS: ReadonlySet<string> = new Set(
  (
    'a an the your my our insert put enter paste place replace change set fill add write this it me in with here goes real actual own some new ' +
    'fake dummy sample example test demo placeholder todo fixme ' +
    'api auth access account subscription service secret key keys token sid id password passwd pass value credential credentials from ' +
    'openai twilio deepgram elevenlabs azure google anthropic speech sk pk ac xx'
  ).split(' '),
)
/** One of these tells that nothing else was meant. */
const TELLING =
  /^(your|insert|enter|paste|replace|change|here|goes|fake|dummy|sample|placeholder|todo|fixme|x{3,})$/
/** Letters alone, all small or with one capital before: so short, it is in every dictionary. */
const SHORT_WORD = /^[A-Z]?[a-z]{1,6}$/
/** `sk-...`, `ACxxxxxxxx`, `sk-****`. */
const GUIDE = /^[a-z]{1,4}[-_]?(?:x{6,}|\.{3,}|…|\*{3,})$/
const SIGNS_ALONE = /^[^\p{L}\p{N}]*$|^(.)\1*$/u
/** A port, a year, a number of seconds. */
const SMALL_NUMBER = /^[+-]?[0-9]{1,6}(?:\.[0-9]+)?$/

/**
 * Whether a value guards nothing, although it stands where a secret does: a placeholder, a word of JSON or of Kav's
 * own, any word of less than eight letters, a small number. To hide it would hide that word in every text.
 */
export function guardsNothing(text: string): boolean {
  return isPlaceholder(text) || OWN_WORDS.has(text.trim().toLowerCase()) || SHORT_WORD.test(text.trim())
}

/** What nobody takes for a secret; any other word may be meant as one. */
export function isPlaceholder(text: string): boolean {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/^[<[{(](.*)[>\]})]$/, '$1')
  return (
    PLACEHOLDERS.has(word) ||
    isPhrase(word) ||
    GUIDE.test(word) ||
    SIGNS_ALONE.test(word) ||
    SMALL_NUMBER.test(word)
  )
}

/** `your_auth_token`, `replace-me`, `sk-xxxxxxxx`, `insert key here`. */
function isPhrase(text: string): boolean {
  const words = text.split(/[-_\s.…]+/).filter((word) => word !== '')
  return (
    words.some((word) => TELLING.test(word)) &&
    words.every((word) => OF_PLACEHOLDERS.has(word) || /^x+$/.test(word))
  )
}
