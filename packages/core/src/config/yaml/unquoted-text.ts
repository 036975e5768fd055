import { isSecretKey, looksSecret } from '../../kit/secrets/index.ts'

/** A line of a block: its dashes and key, and what stands behind them. */
const BEFORE = /^[ \t]*(?:- {1,8})*(?:(\w[\w.-]{0,63}) ?:[ \t]{1,8})?(?=\S)/
const DOUBLE = /^"(?:[^"\\]|\\.)*"/
const SINGLE = /^'(?:[^']|'')*'/
const BRACKETS = /^(?:\[[^[\]]*\]|\{[^{}]*\})/
const BLOCK_HEADER = /^[|>][-+1-9]{0,2}$/
/** Longer ones are only told how to be quoted. */
const MAX_LINE = 2000
const MAX_SHOWN = 60

interface Advice {
  readonly offset: number
  readonly message: string
}

/**
 * What is wrong with the text in whose line the reader stopped at `stop`, when it is its quotes: a quote inside quotes,
 * a first character that says something else to YAML, a `: ` in the middle. The advice is at the text's beginning.
 */
export function unquotedText(text: string, stop: number): Advice | undefined {
  const lineStart = text.lastIndexOf('\n', stop - 1) + 1
  const [line = ''] = text.slice(lineStart, lineStart + MAX_LINE).split(/\r?\n/, 1)
  const [before = '', key = ''] = BEFORE.exec(line) ?? []
  if (before.trim() === '') return undefined
  const [written = ''] = line
    .slice(before.length)
    .trimEnd()
    .split(/[ \t]#/, 1)
  const message = whyUnread(written.trimEnd(), isSecretKey(key))
  return message === undefined ? undefined : { offset: lineStart + before.length, message }
}

function whyUnread(written: string, secret: boolean): string | undefined {
  const first = written.charAt(0)
  if (first === '"' || first === "'") return quoteInside(written, first, secret)
  if (written.startsWith('{{'))
    return `a text that begins with "{{" needs quotes; ${inQuotes(written, secret)}`
  if (first === '[' || first === '{') {
    const behind = written.replace(BRACKETS, '')
    const isText = behind !== written && behind !== '' && !/^[,\]}]/.test(behind)
    const what = first === '[' ? 'a list' : 'a map'
    return isText ? `"${first}" begins ${what}; ${inQuotes(written, secret)}` : undefined
  }
  if (BLOCK_HEADER.test(written) || written === '') return undefined
  if (/^[|>%@`&*!,\]}]|^[-?:] /.test(written))
    return `a text that begins with "${first}" needs quotes; ${inQuotes(written, secret)}`
  if (!/:( |$)/.test(written)) return undefined
  const apart = 'or put the second key on a line of its own'
  return `two "key: value" on one line; ${inQuotes(written, secret)} if it is a text, ${apart}`
}

function quoteInside(written: string, quote: string, secret: boolean): string | undefined {
  const [closed] = (quote === '"' ? DOUBLE : SINGLE).exec(written) ?? []
  const behind = closed === undefined ? '' : written.slice(closed.length).trim()
  if (behind === '' || /^[:,\]}]/.test(behind)) return undefined
  if (!written.endsWith(quote)) return `the quotes end before the text does; ${inQuotes(written, secret)}`
  return `a quote inside the quotes ends the text there; ${inQuotes(written.slice(1, -1), secret)}`
}

/** `write "…"`, with the quotes that fit; the text itself where it is words and no secret. */
function inQuotes(text: string, secret: boolean): string {
  const shown = !secret && text.length <= MAX_SHOWN && isOfWords(text) ? text : undefined
  if (!/["\\]/.test(text)) return `write "${shown ?? '…'}"`
  if (!text.includes("'")) return `write '${shown ?? '…'}'`
  return `write "${shown?.replaceAll(/["\\]/g, '\\$&') ?? '…'}", with \\" for each quote in it`
}

/** What is read aloud or names a package; a single word may be a password. */
function isOfWords(text: string): boolean {
  const words = text.split(/\s+/)
  if (words.length === 1 && !text.startsWith('@')) return false
  return !words.some((word) => looksSecret(word) || word.length > 24) && !looksSecret(text)
}

/** What to say where a quoted text inside `[ ]` or `{ }` is followed by more of it. */
export function quoteInFlow(text: string, stop: number): string | undefined {
  const quote = text.charAt(stop - 1)
  if ((quote !== '"' && quote !== "'") || !/^[\p{L}\p{N}]/u.test(text.slice(stop, stop + 2))) return undefined
  const other = quote === '"' ? "'…'" : '"…"'
  return `a quote inside the quotes ends the text there; put the text in the other quotes, ${other}`
}
