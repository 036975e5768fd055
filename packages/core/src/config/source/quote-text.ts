import { shorten } from './problem.ts'

/** In quotes, short, and with what nobody sees as `\u200b`: two names that look the same do not differ by magic. */
export function quoteText(text: string, max = 60): string {
  return JSON.stringify(shorten(text, max)).replaceAll(HIDDEN, escaped)
}

/** What stands in a name and is not seen, or is not what it looks like; `undefined` when there is none. */
export function strangeCharacter(name: string): string | undefined {
  const [hidden] = name.match(HIDDEN) ?? []
  if (hidden !== undefined) {
    return name.startsWith(hidden) && /\s/.test(hidden)
      ? `what indents it (${escaped(hidden)}) is no space to YAML; write spaces`
      : `it holds a character that is not seen (${escaped(hidden)}); write it anew`
  }
  const [letter] = /[a-z]/i.test(name) ? (name.match(/(?![a-zA-Z])\p{L}/u) ?? []) : []
  return letter === undefined
    ? undefined
    : `the "${letter}" in it (${escaped(letter)}) is of another alphabet`
}

/** All that leaves no ink, but for the space. */
const HIDDEN = /(?! )[\p{Cf}\p{Zs}\p{Zl}\p{Zp}]/gu

function escaped(character: string): string {
  return `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`
}
