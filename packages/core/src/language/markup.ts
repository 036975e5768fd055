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
  return text
    .replace(/<((?:https?:\/\/|mailto:)[^<>\s]+)>/giu, '$1')
    .replace(/<!--.*?-->/gsu, '')
    .replace(/<(script|style)\b[^<>]*>.*?<\/\1\s*>/gisu, ' ')
    .replace(BLOCK_TAG, ' ')
    .replace(/<\/?[a-z][^<>]*>/giu, '')
    .replace(/&(amp|lt|gt|quot|apos|#39|nbsp);/giu, (_whole, name: string) => ENTITIES[name.toLowerCase()]!)
}

/** Everything that marks a line: headings, quotes, bullets, task boxes, rules, fences, table edges. */
export function stripLineMarks(text: string): string {
  return text
    .replace(/^[^\S\n]*(?:```|~~~)[^\S\n]*[\w+#.-]*[^\S\n]*$/gmu, '')
    .replace(/^[^\S\n]*\[\^?[^\]\n]+\]:[^\S\n]*\S.*$/gmu, '')
    .replace(/^[^\S\n]*(?:[-*_=][^\S\n]*){3,}$/gmu, '')
    .replace(/^[^\S\n]*\|?(?:[^\S\n]*:?-{2,}:?[^\S\n]*\|)+[^\S\n]*(?::?-{2,}:?)?[^\S\n]*$/gmu, '')
    .replace(/^[^\S\n]*(?:>[^\S\n]?)+(?!\d)/gmu, '')
    .replace(/^[^\S\n]*#{1,6}[^\S\n]+(?=\S)/gmu, '')
    .replace(/^[^\S\n]*[-*+•·▪‣◦–—][^\S\n]+/gmu, '')
    .replace(/^[^\S\n]*\[[ xX]?\][^\S\n]+/gmu, '')
}

/** Links to their text, images to their description, citations and emphasis to nothing. */
export function stripInlineMarks(text: string): string {
  return text
    .replace(/!?\[([^[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+["'(][^)\n]*)?\)/gu, '$1')
    .replace(/!?\[([^[\]]+)\]\[[^[\]]*\]/gu, '$1')
    .replace(/\]\((?:https?:|mailto:|tel:|\/|#)[^()\s]*\)/giu, '')
    .replace(/\[\^[^\]]*\]|【[^】]*】/gu, '')
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
