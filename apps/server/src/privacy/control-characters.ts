/**
 * What a terminal obeys instead of showing it: control characters, and those that turn the direction of what follows,
 * by which one text can pass for another. Words of callers, models and strangers hold them when somebody wants it.
 */
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g
/** The same, written as JSON writes them; a pair of backslashes in front is no such writing. */
const OBEYED_IN_JSON =
  /\\(?:\\|[bfr]|u(?:000[0-8b-f]|001[0-9a-f]|007f|00[89][0-9a-f]|061c|200[ef]|202[89a-e]|206[6-9]))/gi

/** A text for people: `\u001b` in place of what would be obeyed. Line ends and tabs stay. */
export function visible(text: string): string {
  return text.replace(OBEYED, escapeOf)
}

/** A line of JSON whose texts can be shown once they are read: what JSON has escaped is escaped once more. */
export function visibleOnceRead(line: string): string {
  return line.replace(OBEYED_IN_JSON, (found) => (found === '\\\\' ? found : `\\${found}`))
}

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
