/** Takes away what markdown writes for the eye. Each rule makes the text shorter or leaves it alone. */

/** Everything that marks a line: headings, quotes, bullets, task boxes, rules, fences, table edges. */
export function stripLineMarks(text: string): string {
  return text.replace(/ {2,}/gu, ' ').split('\n').map(withoutLineMarks).join('\n')
}

/** One line without its break, and with one space where there were several: every rule is anchored and linear. */
function withoutLineMarks(line: string): string {
  return line
    .replace(/^ ?(?:```|~~~) ?[\w+#.-]* ?$/u, '')
    .replace(/^ ?\[\^[^\]]+\]: ?\S.*$/u, '')
    .replace(/^ ?\[[^\]]+\]: ?<?(?:https?:|ftp:|www\.|mailto:|tel:|[/#]).*$/iu, '')
    .replace(/^ ?\*\[[^\]]+\]: ?\S.*$/u, '')
    .replace(/^ ?:::.*$/u, '')
    .replace(/^ ?(?:!!!|\?\?\?)\+? [a-z]+(?: "[^"]*")? ?$/u, '')
    .replace(/^ ?(?:[-*_=] ?){3,}$/u, '')
    .replace(/^ ?\|?(?: ?:?-+:? ?\|)+ ?(?::?-+:?)? ?$/u, '')
    .replace(/^ ?\|(?:[^|]+\|)+ ?$/u, rowSentence)
    .replace(/^ ?(?:> ?)+(?!\d)/u, '')
    .replace(/^ ?#{1,6} (?=\S)/u, '')
    .replace(/^ ?[-*+•·▪‣◦–—] /u, '')
    .replace(/^ ?\[[ xX]?\] /u, '')
}

/** The cells of a table's row as one sentence, a pause between them: read in one breath nobody knows which is which. */
function rowSentence(row: string): string {
  const cells = row.split('|').flatMap((cell) => cell.trim() || [])
  const last = cells.at(-1) ?? ''
  return cells.join(', ') + (/[\p{L}\p{N}]$/u.test(last) ? '.' : '')
}

/** Links to their text, images to their description, citations and emphasis to nothing. */
export function stripInlineMarks(text: string): string {
  return text
    .replace(/!?\[([^[\]]*)\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)?(?:\s["'(][^)[\n]*)?\)/gu, '$1')
    .replace(/!?\[([^[\]]+)\]\[[^[\]]*\]/gu, '$1')
    .replace(/\]\((?:https?:|mailto:|tel:|\/|#)[^()\s]*\)/giu, '')
    .replace(/\[\^[^[\]]*\]|【[^【】]*】/gu, '')
    .replace(/\[![A-Za-z]+\]/gu, '')
    .replace(/[[\]]/gu, '')
    .replace(/`+/gu, '')
    .replace(/\\(?=[\\`*_{}()#+.!|~<>$%&"-])/gu, '')
    .replace(/\*{2,}|~{2,}/gu, '')
    .replace(/(?<![=<>!\s])==(?=[\s.,!?]|$)|(?<=^|[\s(])==(?=\p{L})/gu, '')
    .replace(/(?<![^\s(]):[a-z][a-z\d_+-]{1,30}:(?![\p{L}\p{N}])/gu, '')
    .replace(SINGLE_STAR, '')
    .replace(/(?<![\p{L}\p{N}])_+(?=\S)|(?<=\S)_+(?![\p{L}\p{N}])/gu, '')
    .replace(/\|/gu, ' ')
    .replace(/(?<![\p{L}\p{N}&])#(?=\p{L})/gu, '')
}

/** Beside a letter or closing punctuation it is emphasis; alone or beside a digit it is a key of the phone. */
const SINGLE_STAR = /(?<!\p{N})\*(?=[\p{L}"“«(¿¡])|(?<=[\p{L}.,!?:;)"”…»])\*(?!\p{N})/gu
