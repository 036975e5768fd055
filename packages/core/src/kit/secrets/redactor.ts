import { cleanJson, type Cleaner } from './clean-json.ts'
import { guardsNothing } from './no-secret.ts'
import { hideShapes } from './secret-shapes.ts'
import { spellingsOf } from './spellings.ts'

/** Shorter ones are words: to hide them would hide half of every line, and they guard nothing. */
const MIN_CHARS = 6
/** This much of a long secret is a secret: others cut texts, and what is left must not stand there. */
const PIECE_CHARS = 12
/** A key file is 2 to 3 KB; what is longer is no secret and would only fill the memory. */
const MAX_CHARS = 32_768

/**
 * The one way out for texts: what is known to be a secret, or looks like one, is not in what `clean` gives. A secret is
 * found in every spelling others may give it, and in pieces of 12 characters; one of 6 to 11 characters only whole and
 * standing by itself. What stands in the place of one and guards nothing (`none`, `true`, `1234`) is none. Time and
 * memory are linear in the text and the secrets.
 */
export class Redactor {
  /** What to print in place of every piece of a long secret. */
  readonly #pieces = new Map<string, string>()
  readonly #short = new Map<string, string>()
  readonly #known = new Set<string>()
  /** Whether a piece may begin with these characters: most of a text is passed by with one look. */
  readonly #mayBegin = new Uint8Array(1 << 16)
  readonly #mayBeginShort = new Uint8Array(1 << 16)

  /** @param shown what stands in its place, `(hidden)` or where it comes from */
  add(secret: string, shown = '(hidden)'): void {
    if (!this.takes(secret)) return
    const text = secret.trim()
    this.#known.add(text)
    for (const spelling of spellingsOf(text)) {
      if (spelling.length >= PIECE_CHARS) this.#addPieces(spelling, shown)
      else if (spelling.length >= MIN_CHARS) this.#addShort(spelling, shown)
    }
  }

  /** Whether `add` would hide something more. */
  takes(secret: string): boolean {
    const text = secret.trim()
    return !this.#known.has(text) && isHidden(text)
  }

  /** The text without secrets. What was JSON, or has a line that was, still is. */
  clean(text: string): string {
    const clean = this.#clean(text)
    if (clean === text || !/[[{"]/.test(text)) return clean
    const whole = cleanJson(text, this.#cleaner)
    if (whole !== undefined) return whole
    return text.includes('\n') ? this.#cleanLines(text.split('\n')) : clean
  }

  /** A secret may reach over lines that are no JSON. */
  #cleanLines(lines: readonly string[]): string {
    const clean: string[] = []
    let others: string[] = []
    const flush = (): void => {
      if (others.length > 0) clean.push(this.#clean(others.join('\n')))
      others = []
    }
    for (const line of lines) {
      const json = cleanJson(line, this.#cleaner)
      if (json === undefined) others.push(line)
      else {
        flush()
        clean.push(json)
      }
    }
    flush()
    return clean.join('\n')
  }

  readonly #cleaner: Cleaner = {
    text: (text) => this.#clean(text),
    name: (name) => hideShapes(this.#withoutPieces(name)),
  }

  #clean(text: string): string {
    const whole = this.#pieces.size === 0 ? text : this.#withoutPieces(text)
    return hideShapes(this.#withoutShort(whole))
  }

  #addPieces(spelling: string, shown: string): void {
    for (let at = 0; at + PIECE_CHARS <= spelling.length; at++) {
      const piece = spelling.slice(at, at + PIECE_CHARS)
      if (isMonotonous(piece)) continue
      if (!this.#pieces.has(piece)) this.#pieces.set(piece, shown)
      this.#mayBegin[lookOf(spelling, at)] = 1
    }
  }

  #addShort(spelling: string, shown: string): void {
    this.#short.set(spelling, shown)
    this.#mayBeginShort[shortLookOf(spelling, 0)] = 1
  }

  #withoutPieces(text: string): string {
    let clean = ''
    let kept = 0
    for (let at = 0; at + PIECE_CHARS <= text.length; at++) {
      const shown = this.#shownAt(text, at)
      if (shown === undefined) continue
      let end = at + PIECE_CHARS
      while (this.#shownAt(text, end - PIECE_CHARS + 1) !== undefined) end++
      clean += text.slice(kept, at) + shown
      kept = end
      at = end - 1
    }
    return clean + text.slice(kept)
  }

  #shownAt(text: string, at: number): string | undefined {
    if (at + PIECE_CHARS > text.length || this.#mayBegin[lookOf(text, at)] === 0) return undefined
    return this.#pieces.get(text.slice(at, at + PIECE_CHARS))
  }

  #withoutShort(text: string): string {
    if (this.#short.size === 0) return text
    let clean = ''
    let kept = 0
    for (let at = 0; at + MIN_CHARS <= text.length; at++) {
      if (this.#mayBeginShort[shortLookOf(text, at)] === 0 || isOfWord(text.charCodeAt(at - 1))) continue
      const short = this.#shortAt(text, at)
      if (short === undefined) continue
      clean += text.slice(kept, at) + this.#short.get(short)!
      kept = at + short.length
      at = kept - 1
    }
    return clean + text.slice(kept)
  }

  /** The longest that stands there by itself, and is not a name in a line of JSON. */
  #shortAt(text: string, at: number): string | undefined {
    for (let length = PIECE_CHARS - 1; length >= MIN_CHARS; length--) {
      const end = at + length
      if (end > text.length || isOfWord(text.charCodeAt(end)) || text.startsWith('":', end)) continue
      const short = text.slice(at, end)
      if (this.#short.has(short)) return short
    }
    return undefined
  }
}

function isHidden(text: string): boolean {
  return text.length >= MIN_CHARS && text.length <= MAX_CHARS && !guardsNothing(text)
}

/** A letter or a digit of ASCII; `NaN` is beyond an end of the text. */
function isOfWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}

/** Fewer than four different characters: dashes or blanks are no part of a secret, they stand between other things. */
function isMonotonous(piece: string): boolean {
  let different = ''
  for (const character of piece) {
    if (different.includes(character)) continue
    different += character
    if (different.length === 4) return false
  }
  return true
}

/** Three of the twelve characters, as 16 bits. */
function lookOf(text: string, at: number): number {
  return (text.charCodeAt(at) ^ (text.charCodeAt(at + 5) << 4) ^ (text.charCodeAt(at + 11) << 9)) & 0xffff
}

/** Three of the first six characters, as 16 bits. */
function shortLookOf(text: string, at: number): number {
  return (text.charCodeAt(at) ^ (text.charCodeAt(at + 2) << 4) ^ (text.charCodeAt(at + 5) << 9)) & 0xffff
}
