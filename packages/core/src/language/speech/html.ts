/** Takes tags, comments and tokens of chat templates out of a text. A comparison is none of these. */

/** HTML and SSML tags and comments. A `<` that compares stays: "3 < 5", "if a<b and c>d". */
export function stripHtml(text: string): string {
  if (!text.includes('<')) return text
  const shown = text
    .replace(
      /<((?:https?:\/\/|mailto:)[^<>\s|]+)(?:\|([^<>]*))?>/giu,
      (_whole, address: string, label?: string) => (label ? label : address),
    )
    .replace(/<([^<>\s@]+@[^<>\s@]+)>/gu, '$1')
    .replace(/<[|｜][^<>]*[|｜]>|<<\/?SYS>>|<!\[CDATA\[|\]\]>/gu, ' ')
  return HIDDEN.reduce(withoutSpans, shown)
    .replace(ALIAS, '$1')
    .replace(/<([^<>]*)>/gu, (whole, inner: string, at: number, all: string) => {
      if (!isTag(inner) || isComparison(inner, at, all)) return whole
      if (isName(inner) && !all.includes(`</${inner}>`)) return ` ${inner} `
      return BLOCK.test(inner) ? ' ' : ''
    })
}

/** What SSML wants said instead. */
const ALIAS = /<sub alias=["']([^"'<>]*)["']>[^<>]*<\/sub>/giu

const BLOCK =
  /^\/?(?:br|p|s(?=$)|div|li|ul|ol|h[1-6]|tr|td|th|table|hr|blockquote|pre|section|details|summary)\b/iu
/** `<Dana>`: tags are written in small letters, but for those of one letter and of HTML in capitals. */
function isName(inner: string): boolean {
  return /^\p{Lu}\p{Ll}[\p{L}\p{M}]*$/u.test(inner) && !BLOCK.test(inner)
}

const BARE_ATTRIBUTE =
  /^(?:\/|checked|controls|disabled|hidden|muted|open|readonly|required|selected|async|defer)$/iu

/** A name, then attributes with a value or of a kind that needs none. */
function isTag(inner: string): boolean {
  if (/^(?:!doctype|\?xml)\b/iu.test(inner)) return true
  const [name = '', ...attributes] = inner.trimEnd().split(/\s+/u)
  if (!/^\/?[a-z][\w:.-]*(?:=[\w"'-]+)?\/?$/iu.test(name)) return false
  return inner.includes('=') || attributes.every((attribute) => BARE_ATTRIBUTE.test(attribute))
}

/** `x<y>z`: a letter between operands, which is no tag of HTML. */
function isComparison(inner: string, at: number, all: string): boolean {
  if (!/^[a-z]$/iu.test(inner)) return false
  const beside = /^[\p{L}\p{N}]$/u
  const joined = beside.test(all[at - 1] ?? '') && beside.test(all[at + inner.length + 2] ?? '')
  return joined && !(/^[abipqsu]$/iu.test(inner) && all.includes(`</${inner}`, at))
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
