/** Takes away what is written for the eye: markdown and HTML. Each rule makes the text shorter or leaves it alone. */

const BLOCK_TAG =
  /<\/?(?:br|p|div|li|ul|ol|h[1-6]|tr|td|th|table|hr|blockquote|pre|section)(?:[\s/][^<>]*)?>/giu
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  nbsp: ' ',
}

/** HTML and SSML tags, comments and the common entities. A bare `<` as in "3 < 5" stays. */
export function stripHtml(text: string): string {
  const shown = text.replace(/<((?:https?:\/\/|mailto:)[^<>\s]+)>/giu, '$1')
  return HIDDEN.reduce(withoutSpans, shown)
    .replace(BLOCK_TAG, ' ')
    .replace(/<\/?[a-z][^<>]*>/giu, '')
    .replace(/&(amp|lt|gt|quot|apos|#39|nbsp);/giu, (_whole, name: string) => ENTITIES[name.toLowerCase()]!)
}

interface Hidden {
  readonly open: RegExp
  readonly close: RegExp
  readonly instead: string
}

/** What stands between these is never said. */
const HIDDEN: readonly Hidden[] = [
  { open: /<!--/gu, close: /-->/gu, instead: '' },
  { open: /<script\b[^<>]*>/giu, close: /<\/script\s*>/giu, instead: ' ' },
  { open: /<style\b[^<>]*>/giu, close: /<\/style\s*>/giu, instead: ' ' },
]

/** Goes forward only, and stops where nothing closes any more: one expression for all of it would try every pair. */
function withoutSpans(text: string, { open, close, instead }: Hidden): string {
  let kept = ''
  let at = 0
  for (;;) {
    open.lastIndex = at
    const opened = open.exec(text)
    close.lastIndex = open.lastIndex
    const closed = opened && close.exec(text)
    if (closed === null) return kept + text.slice(at)
    kept += text.slice(at, opened!.index) + instead
    at = close.lastIndex
  }
}

/** Everything that marks a line: headings, quotes, bullets, task boxes, rules, fences, table edges. */
export function stripLineMarks(text: string): string {
  return text.replace(/ {2,}/gu, ' ').split('\n').map(withoutLineMarks).join('\n')
}

/** One line without its break, and with one space where there were several: every rule is anchored and linear. */
function withoutLineMarks(line: string): string {
  return line
    .replace(/^ ?(?:```|~~~) ?[\w+#.-]* ?$/u, '')
    .replace(/^ ?\[\^?[^\]]+\]: ?\S.*$/u, '')
    .replace(/^ ?(?:[-*_=] ?){3,}$/u, '')
    .replace(/^ ?\|?(?: ?:?-{2,}:? ?\|)+ ?(?::?-{2,}:?)? ?$/u, '')
    .replace(/^ ?(?:> ?)+(?!\d)/u, '')
    .replace(/^ ?#{1,6} (?=\S)/u, '')
    .replace(/^ ?[-*+•·▪‣◦–—] /u, '')
    .replace(/^ ?\[[ xX]?\] /u, '')
}

/** Links to their text, images to their description, citations and emphasis to nothing. */
export function stripInlineMarks(text: string): string {
  return text
    .replace(/!?\[([^[\]]*)\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)?(?:\s["'(][^)[\n]*)?\)/gu, '$1')
    .replace(/!?\[([^[\]]+)\]\[[^[\]]*\]/gu, '$1')
    .replace(/\]\((?:https?:|mailto:|tel:|\/|#)[^()\s]*\)/giu, '')
    .replace(/\[\^[^[\]]*\]|【[^【】]*】/gu, '')
    .replace(/\[(?:\d+(?:\s*,\s*\d+)*)\]/gu, '')
    .replace(/[[\]]/gu, '')
    .replace(/`+/gu, '')
    .replace(/\\(?=[\\`*_{}()#+.!|~<>-])/gu, '')
    .replace(/\*{2,}|~{2,}/gu, '')
    .replace(SINGLE_STAR, '')
    .replace(/(?<![\p{L}\p{N}])_+(?=\S)|(?<=\S)_+(?![\p{L}\p{N}])/gu, '')
    .replace(/\|/gu, ' ')
    .replace(/(?<![\p{L}\p{N}&])#(?=\p{L})/gu, '')
}

/** Beside a letter or closing punctuation it is emphasis; alone or beside a digit it is a key of the phone. */
const SINGLE_STAR = /\*(?=[\p{L}"“«(¿¡])|(?<=[\p{L}.,!?:;)"”…»])\*(?!\p{N})/gu
