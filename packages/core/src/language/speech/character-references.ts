import { decode } from 'html-entities'

/** The commonest ones, also without their semicolon and in any case. */
const COMMON: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

/**
 * Character references of HTML, `&#8217;`, `&#x2019;` and `&mdash;`, as the characters they stand for. Every call takes
 * one layer of a double one (`&amp;mdash;`); the text never grows. `AT&T` and `?a=1&copy=2` stay.
 */
export function decodeReferences(text: string): string {
  if (!text.includes('&')) return text
  return decode(
    text.replace(
      /&(amp|lt|gt|quot|apos|nbsp)(?:;|(?![\w=;]))/giu,
      (_whole, name: string) => COMMON[name.toLowerCase()]!,
    ),
    { level: 'html5', scope: 'strict' },
  )
}
