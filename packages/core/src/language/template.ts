/**
 * `{{name}}` variables of greetings and prompts. A name begins with a letter or `_` and goes on with letters,
 * digits, `_`, `-` and `.`; case counts; spaces inside the braces do not.
 */
const VARIABLE = /\{\{\s*([\p{L}_][\p{L}\p{M}\p{N}_.-]*)\s*\}\}/gu

/** A value longer than this is cut: wherever a value is bounded before, it is by this. */
export const MAX_VARIABLE_CHARS = 2000

/** The names used in `text`, each once, in order. The configuration check compares them with those it knows. */
export function templateVariables(text: string): readonly string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map((match) => match[1]!))]
}

/**
 * `text` with its variables filled in; one that `variables` lacks is empty. Values may come from a caller: they are
 * cleaned by `cleanVariable`, and the result contains no variable, whatever they are.
 */
export function fillTemplate(text: string, variables: Readonly<Record<string, string>>): string {
  const filled = text.replace(VARIABLE, (_whole, name: string) =>
    Object.hasOwn(variables, name) ? cleanVariable(variables[name]!) : '',
  )
  return withoutVariables(filled)
}

/** Nested or broken braces of the template may come together around a value: they are taken away too. */
function withoutVariables(text: string): string {
  let rest = text
  for (let next = rest.replace(VARIABLE, ''); next !== rest; next = rest.replace(VARIABLE, '')) rest = next
  return rest
}

/**
 * A value from outside as harmless text of one line: no control or invisible characters, no braces, no characters
 * of markdown or markup, no quotes that could end a quotation in a prompt; apostrophes become `’` and Hebrew
 * gershayim `״`. At most `MAX_VARIABLE_CHARS` UTF-16 units, never half a character. Idempotent.
 */
export function cleanVariable(value: string): string {
  return value
    .slice(0, MAX_VARIABLE_CHARS * 4)
    .replace(/[\s\p{Z}\p{Cc}]+/gu, ' ')
    .replace(INVISIBLE, '')
    .replace(/(?<=\p{Script=Hebrew})["“”](?=\p{Script=Hebrew})/gu, '״')
    .replace(/['‘‚‛]/g, '’')
    .replace(/[{}｛｝<>＜＞`*~|#\\[\]"“”„‟«»]/gu, '')
    .replace(/(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '')
    .replace(/[^\s;]+;?/gu, (run) => (run.endsWith(';') ? run.replaceAll('&', '') : run))
    .replace(/ {2,}/g, ' ')
    .trim()
    .slice(0, MAX_VARIABLE_CHARS)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd()
}

/** Format, unassigned and private characters and lone surrogates, but not the joiners that scripts need. */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cf}\p{Co}\p{Cn}\p{Cs}]/gu
