import { parseJson } from '@kav/core/kit'

const NOTHING: ReadonlySet<string> = new Set(['', '{}', 'null', '""', 'None'])
const MAX_NOTHING_CHARS = 64

/** No arguments, in the words of servers that send them before the first piece, or behind the last one. */
export function isNothing(args: string): boolean {
  return args.length <= MAX_NOTHING_CHARS && NOTHING.has(args.replace(/\s/g, ''))
}

const MAX_TAILS = 6
const MAX_MARK_CHARS = 64

/**
 * The arguments of a call out of the pieces they came in; `undefined`: they are not whole. Besides pieces of one text
 * these are: nothing, and then the pieces; the text so far in each piece; the whole, and the whole again.
 */
export function wholeArguments(pieces: readonly string[]): string | undefined {
  const all = pieces.join('')
  if (all.trim() === '') return '{}'
  if (isJson(all)) return all
  // What said nothing was said for want of the first piece.
  const given = pieces.filter((piece) => !isNothing(piece) || piece.trim() === '')
  const joined = given.join('')
  if (joined.trim() === '') return '{}'
  if (isJson(joined)) return joined
  const last = given.at(-1)!
  const growing = given.slice(0, -1).every((piece) => last.startsWith(piece))
  return growing && isJson(last) ? last : withoutTail(joined)
}

/** Of an object alone: a number, or a text, may have been cut where it ends. */
function withoutTail(text: string): string | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  let rest = text.trimEnd()
  for (let tails = 0; tails < MAX_TAILS; tails++) {
    const length = tailLength(rest)
    if (length === 0) return undefined
    rest = rest.slice(0, -length).trimEnd()
    if (rest.endsWith('}') && isJson(rest)) return rest
  }
  return undefined
}

/** Of what stands behind an object: a bracket too many, a fence, a mark of a chat template. */
function tailLength(text: string): number {
  if (/[}\]]$/.test(text)) return 1
  if (text.endsWith('```')) return 3
  const mark = text.endsWith('>') ? text.length - text.lastIndexOf('<') : 0
  return mark <= MAX_MARK_CHARS ? mark : 0
}

function isJson(text: string): boolean {
  // Cheaper than to try: most pieces are none.
  return /[}\]"el\d]\s*$/.test(text) && parseJson(text) !== undefined
}
