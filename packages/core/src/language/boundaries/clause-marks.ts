/** Kinds of characters the clause cutter looks at. All take one UTF-16 unit or one code point, and `''` is none. */

/** End a sentence when white space follows. */
const STOPS = '.!?…‥؟۔।॥։።'
/** End a sentence whatever follows: scripts without spaces. */
const WIDE_STOPS = '。！？｡﹖﹗။។'
/** End a clause when white space follows. */
const MARKS = ',;:–،؛'
/** End a clause whatever follows, except a digit. */
const WIDE_MARKS = '，、；：—'

/** What may stand between a stop and the white space: quotes, brackets, emphasis, marks of direction. */
const CLOSERS =
  '"\'”’»“)]}*_~`」』）】》〉״׳\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'
const OPENERS = /["'“”‘’„«([{*_~`¿¡「『（【《〈\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
const EMOJI =
  /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\ufe0f|\ufe0e|\u200d|\u20e3/u
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
/** Of these, the ones that put a space between phrases. */
const PHRASE_SPACED = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

export const isStop = (char: string): boolean => char !== '' && STOPS.includes(char)
export const isWideStop = (char: string): boolean => char !== '' && WIDE_STOPS.includes(char)
export const isMark = (char: string): boolean => char !== '' && MARKS.includes(char)
export const isWideMark = (char: string): boolean => char !== '' && WIDE_MARKS.includes(char)
export const isCloser = (char: string): boolean => char !== '' && CLOSERS.includes(char)
export const isOpener = (char: string): boolean => OPENERS.test(char)
export const isEmoji = (char: string): boolean => EMOJI.test(char)
export const isNewline = (char: string): boolean => /^[\n\r\u2028\u2029\u0085\v\f]$/u.test(char)
export const isSpace = (char: string): boolean => /^\s$/u.test(char)
export const isDigit = (char: string): boolean => /^\p{Nd}$/u.test(char)
export const isCurrency = (char: string): boolean => /^\p{Sc}$/u.test(char)
export const isLowercase = (char: string): boolean => /^\p{Ll}$/u.test(char)
/** A letter of a script that is written without spaces between words. */
export const isUnspaced = (char: string): boolean => UNSPACED.test(char)
export const isPhraseSpaced = (char: string): boolean => PHRASE_SPACED.test(char)
export const hasWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(text)

/** The code point at `index`; `''` past the end, `undefined` when its second half has yet to come. */
export function characterAt(text: string, index: number): string | undefined {
  const code = text.codePointAt(index)
  if (code === undefined) return ''
  return code >= 0xd800 && code <= 0xdbff && index === text.length - 1
    ? undefined
    : String.fromCodePoint(code)
}
