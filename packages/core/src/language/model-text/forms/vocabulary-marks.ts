import type { TextStage } from './text-stage.ts'

/** How vocabularies write a space (SentencePiece, and byte pairs), and byte pairs a line feed and a tab. */
const SPACES: ReadonlyMap<string, string> = new Map([
  ['▁', ' '],
  ['Ġ', ' '],
  ['Ċ', '\n'],
  ['ĉ', '\t'],
])
const MARK = /[▁ĠĊĉ]/
/** A token of a template has them in its name: `<｜end▁of▁sentence｜>`. */
const OPEN_TOKEN = /<[|｜][^|｜<>\n]{0,48}$/u
const CONTEXT_CHARS = 56

/**
 * Spaces and line feeds that a server left as its model's vocabulary writes them: `WeĠopenĠatĠnine.Ċ`, `▁We▁open`. Two of
 * them are letters of Maltese, which begin words or stand in words of capitals: there they stay.
 */
export function createVocabularyMarks(): TextStage {
  /** What was read last, as it came. */
  let before = ''
  let held = ''

  function read(text: string): string {
    const all = before + text
    let given = text
    if (MARK.test(text)) {
      given = ''
      for (let at = before.length; at < all.length; at++) given += spaceFor(all, at) ?? all[at]!
    }
    before = all.slice(-CONTEXT_CHARS)
    return given
  }

  return {
    push(text) {
      const all = held + text
      // What follows tells.
      held = /[ĠĊĉ]$/.exec(all)?.[0] ?? ''
      return read(all.slice(0, all.length - held.length))
    },
    end() {
      const rest = held
      held = ''
      return read(rest)
    },
  }
}

/** `undefined`: it is a letter, or no mark. */
function spaceFor(text: string, at: number): string | undefined {
  const mark = text[at]!
  const space = SPACES.get(mark)
  if (space === undefined) return undefined
  if (mark === '▁')
    return OPEN_TOKEN.test(text.slice(Math.max(0, at - CONTEXT_CHARS), at)) ? undefined : space
  const [last = '', next = ''] = [text[at - 1], text[at + 1]]
  if (SPACES.has(last)) return space
  // `il-Ġimgħa`
  if (/[-'’]/.test(last)) return undefined
  // At the beginning of a word a small letter follows the Maltese one, and in capitals a capital.
  if (last === '' || /\s/.test(last)) return /[\p{Ll}\p{M}'’]/u.test(next) || next === '' ? undefined : space
  return /\p{Lu}/u.test(last) && !/[\p{Ll}\p{N}]/u.test(next) ? undefined : space
}
